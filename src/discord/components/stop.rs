//! Stop: ends a run or an answer, for whoever asked for it and for admins (U3, X11).

use super::{NOT_YOURS, Pressed};
use crate::discord::{Bot, asking::Asking, running::Stopped};

pub(super) async fn pressed(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    let person = asking.asker.user;
    let is_admin = bot.settings.access.is_admin(person);
    let stopped = pressed.argument.parse().map(|key| bot.going.stop(key, person, is_admin));
    match stopped {
        // The message itself says how it ended.
        Ok(Stopped::Asked) => {
            asking.acknowledge().await;
        }
        Ok(Stopped::NotTheirs) => asking.say(NOT_YOURS).await,
        Ok(Stopped::Ended) | Err(_) => asking.say("✅ This has ended already.").await,
    }
}
