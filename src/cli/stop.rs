//! Ctrl-C: the first asks for an orderly end, the second ends at once.

use std::io;

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use super::{Exit, Failure, terminal};

/// Listens for Ctrl-C and SIGTERM from the moment it is made until it is dropped.
pub(crate) struct Stop {
    asked: watch::Receiver<bool>,
    listener: JoinHandle<()>,
}

impl Stop {
    /// Starts to listen. Must come before Python starts, so that Python finds the signal taken.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| unheard(&error))?;
        let mut terminate = signal(SignalKind::terminate()).map_err(|error| unheard(&error))?;
        let (tell, asked) = watch::channel(false);
        #[expect(clippy::disallowed_methods, reason = "the handle is kept, and aborted when this is dropped")]
        let listener = tokio::spawn(async move {
            either(&mut interrupt, &mut terminate).await;
            tell.send_replace(true);
            either(&mut interrupt, &mut terminate).await;
            terminal::clear_line();
            // Code that cannot be stopped may be running: no destructor may wait for it.
            signal_hook::low_level::exit(i32::from(Exit::Cancelled.code()));
        });
        Ok(Self { asked, listener })
    }

    /// Whether somebody has asked for the end.
    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Returns when somebody asks, or has asked, for the end.
    pub(crate) fn asked(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut asked = self.asked.clone();
        async move {
            if asked.wait_for(|asked| *asked).await.is_err() {
                // The listener is gone, so nobody can ask any more.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Returns when somebody asks the program to end by SIGTERM. Ctrl-C does not, at a prompt.
pub(crate) async fn terminated() -> Result<(), Failure> {
    signal(SignalKind::terminate()).map_err(|error| unheard(&error))?.recv().await;
    Ok(())
}

fn unheard(error: &io::Error) -> Failure {
    Failure::interpreter(format!("Ctrl-C cannot be listened to: {error}. Try again."))
}

async fn either(first: &mut Signal, second: &mut Signal) {
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}
