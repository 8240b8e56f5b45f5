//! What people use Python for works in a sandbox, behind all its layers (X7).

use taipan::{Ending, Isolation, Request};

use crate::interpreters::settings;

/// X7, X14: the base packages with their file formats, threads, event loops; and refusals that Python understands.
#[tokio::test]
async fn the_usual_libraries_work_in_a_sandbox() {
    let interpreter = settings(Isolation::Process).memory_limit(2 << 30).build().expect("an interpreter");
    let outcome = interpreter.execute(Request::new(include_str!("libraries.py"))).await.expect("an outcome");
    assert_eq!(outcome.ending, Ending::Completed, "{}", outcome.output);
    assert_eq!(outcome.notes, [] as [&str; 0]);
}

/// X10: the limit of threads says that it is one.
#[tokio::test]
async fn too_many_threads_are_an_error_that_names_the_limit() {
    let interpreter = crate::interpreters::plain(Isolation::Process);
    let code = "import threading
end = threading.Event()
try:
    for _ in range(1000): threading.Thread(target=end.wait).start()
except RuntimeError as error:
    print(error)
end.set()";
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    assert_eq!(outcome.output, "can't start new thread: a run may have 64 threads at a time\n");
}
