//! A Discord on this machine, which is not ours to please: it takes what the real one takes, refuses what that refuses,
//! and goes wrong on demand. The bot comes to it unchanged, by its environment alone.
//!
//! ```ignore
//! let discord = Discord::start().await;
//! let guild = discord.guild("Lab");
//! let channel = guild.channel("general");
//! let ada = discord.user("ada");                             // a member of every guild
//! let bot = folder.command(&["bot"]).envs(discord.environment()).spawn();
//! discord.ready().await;                                     // connected, and told of its guilds
//!
//! ada.sends(&channel, &format!("{} plot this", discord.mention()), [File::new("a.csv", "x\n1\n")]);
//! let answer = discord.next_message(&channel).await;         // the bot's next that was not yet taken
//! let answer = discord.message_with(&answer, |seen| seen.content.contains("✅")).await; // after some edits
//! let question = ada.presses(&answer, "Delete").await.message().await;
//! let form = ada.runs_command(&channel, "/run", &[]).await.form();
//! ada.submits(&form, &[("code", "print(1)")]).await;
//! ada.types(&channel, "/download", ("file", "sal")).await.choices();
//! ada.runs_command(&channel, "/upload", &[("file", Given::File(File::new("b.csv", "1")))]).await;
//!
//! discord.troubles("POST /channels/{channel_id}/messages", 2, &Trouble::Status(502));
//! discord.drops_connections();                               // and asks_to_reconnect, invalidates, closes …: `faults`
//! discord.time_passes(TimeDelta::minutes(16));               // interactions are over by now
//! assert_eq!(discord.transcript(&channel).to_string(), "ada: … \nTaipan: …\n");
//! discord.verdict();                                         // also when it is dropped: no rule was broken
//! ```
//!
//! Everything lives on the runtime of the test, which must not be blocked meanwhile. Waiting ends with a panic that
//! shows what happened. A rule that is broken on purpose is announced: `discord.expects("later than 3 s")`.
//!
//! - `world`: what there is; `people`: what they do; `recording`: what they saw.
//! - `network`: the way here; `rest`, `gateway` and `cdn`: what is spoken; `document`: what that is held against.
//! - `faults`: what goes wrong; `clock`: the time; `door`: what tests say.

mod cdn;
mod clock;
mod document;
mod door;
mod faults;
mod gateway;
mod network;
mod people;
mod places;
mod recording;
mod rest;
mod world;

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use self::{clock::Clock, network::Authority, world::World};
pub(crate) use self::{
    door::Discord,
    faults::Trouble,
    gateway::Invalid,
    people::{Delivery, File, Given, Person, Reaction},
    places::{Channel, Guild},
    recording::{Happened, Seen, Transcript},
    rest::{Pace, Request},
    world::{Answer, Id, Permission},
};

/// As long something may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all parts of this Discord have in common.
pub(crate) struct Inside {
    authority: Authority,
    clock: Clock,
    world: Mutex<World>,
    /// Told of every change.
    changes: watch::Sender<()>,
}

impl Inside {
    /// Looks at the world and changes it.
    fn with<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let changed = change(&mut self.world());
        self.changes.send_replace(());
        changed
    }

    /// The same as at a time that has just been.
    fn at<T>(&self, time: DateTime<Utc>, change: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world();
        world.now = time;
        let changed = change(&mut world);
        drop(world);
        self.changes.send_replace(());
        changed
    }

    fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.now = self.clock.now();
        world
    }

    /// Waits until there is what is looked for; in vain only so long.
    async fn until<T>(&self, what: &str, mut look: impl FnMut(&mut World) -> Option<T>) -> T {
        let mut changes = self.changes.subscribe();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&mut self.world()) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        };
        match timeout(PATIENCE, found).await {
            Ok(found) => found,
            Err(tokio::time::error::Elapsed { .. }) => {
                panic!("{what} did not come within {PATIENCE:?}.\n{}", self.world().story())
            }
        }
    }
}

impl World {
    /// Everything that happened, for those who look for a reason.
    fn story(&self) -> String {
        let told = Transcript { happenings: self.happenings.clone() };
        let asked = self.requests.iter().rev().take(30).rev();
        let asked: Vec<_> =
            asked.map(|request| format!("{} {} → {:?}", request.at, request.route, request.status)).collect();
        let [asked, broken] = [asked.join("\n"), self.violations.all().join("\n")];
        format!("What happened:\n{told}\nThe last requests:\n{asked}\n\nRules that were broken:\n{broken}")
    }
}

/// Tasks that end with this Discord.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    running: Arc<Mutex<JoinSet<()>>>,
}

impl Tasks {
    fn start(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().unwrap();
        while running.try_join_next().is_some() {}
        running.spawn(task);
    }

    fn stop(&self) {
        self.running.lock().unwrap().abort_all();
    }
}
