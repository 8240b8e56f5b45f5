//! Runs end at their time limit and when they are cancelled, and leave everything else as it was.

mod afterwards;
mod cancelling;
mod installing;
mod time_limit;

/// Code that goes on for this long whoever asks it to stop; bounded, so that no test program is kept busy for ever.
pub(crate) fn stubborn(seconds: f64, each: &str) -> String {
    format!(
        "
import time
until = time.monotonic() + {seconds}
def go_on():
    while time.monotonic() < until: {each}
while time.monotonic() < until:
    try:
        go_on()
    except BaseException:
        pass
"
    )
}
