//! One call of the tool: the code runs as the user who asks.

use std::sync::Arc;

use super::{
    super::{
        model::ToolCall,
        tool::{self, Arguments},
    },
    TurnEvent,
    rounds::Rounds,
};
use crate::executions::{Answer, ExecutionError, RunRequest};

impl Rounds {
    /// Does what a call asks for, and gives what the model is told of it.
    pub(super) async fn call(&mut self, call: &ToolCall) -> String {
        let most = self.parts.settings.max_run_timeout;
        match Arguments::read(call, most) {
            Err(complaint) => complaint,
            Ok(arguments) => {
                self.tell(TurnEvent::RunStarted { code: arguments.code.clone() }).await;
                let remark = arguments.remark.clone();
                match self.run(arguments).await {
                    Ok(answer) => self.take(answer, remark.as_deref()).await,
                    Err(error) => self.complain(&error).await,
                }
            }
        }
    }

    async fn run(&self, arguments: Arguments) -> Result<Answer, ExecutionError> {
        let mut request = RunRequest::new(arguments.code);
        request.timeout = arguments.timeout;
        request.in_session = self.in_session;
        let mut run = self.parts.executions.run(self.user, request).await?;
        loop {
            let event = tokio::select! {
                biased;
                () = self.stop.stopped() => break,
                event = run.next() => event,
            };
            let Some(event) = event else { break };
            self.tell(TurnEvent::Run(event)).await;
        }
        if self.stop.is_stopped() {
            run.cancel();
        }
        // What it has made by then is stored.
        run.answer().await
    }

    async fn take(&mut self, answer: Answer, remark: Option<&str>) -> String {
        let text = tool::told(&answer, self.in_session, remark);
        for file in &answer.generated_files {
            self.so_far.files.push(file.clone());
            self.tell(TurnEvent::FileGenerated(Box::new(file.clone()))).await;
        }
        self.tell(TurnEvent::RunEnded(Arc::new(answer))).await;
        text
    }

    async fn complain(&self, error: &ExecutionError) -> String {
        let reason = match error {
            ExecutionError::Interpreter(error) => error.to_string(),
            ExecutionError::ShuttingDown | ExecutionError::LimitReached(_) => error.to_string(),
            error => {
                tracing::error!(user = %self.user, %error, "code could not be run");
                "The code could not be run because of a problem of the program. Try again in a minute.".to_owned()
            }
        };
        self.tell(TurnEvent::RunFailed { reason: reason.clone() }).await;
        format!("Not run: {reason}")
    }
}
