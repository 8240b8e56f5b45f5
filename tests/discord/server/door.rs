use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

use super::{
    Channel, Guild, Happened, Id, Inside, Person, Request, Seen, Tasks, Transcript,
    clock::Clock,
    document::{DOCUMENT, Route},
    gateway,
    network::{self, Authority},
    world::World,
};

/// A Discord with one bot, until it is dropped; then it says what rules were broken, if any were.
pub(crate) struct Discord {
    pub(super) inside: Arc<Inside>,
    tasks: Tasks,
    /// Of the proxy.
    port: u16,
}

/// Starting.
impl Discord {
    pub(crate) async fn start() -> Self {
        LazyLock::force(&DOCUMENT);
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sockets = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = proxy.local_addr().unwrap().port();
        let clock = Clock::default();
        let world = World::new(clock.now(), format!("ws://{}", sockets.local_addr().unwrap())).into();
        let changes = watch::Sender::default();
        let inside = Arc::new(Inside { authority: Authority::new(), clock, world, changes });
        let tasks = Tasks::default();
        tasks.start(network::listen(proxy, Arc::clone(&inside), tasks.clone()));
        tasks.start(gateway::listen(sockets, Arc::clone(&inside), tasks.clone()));
        Self { inside, tasks, port }
    }

    /// What leads a bot here.
    pub(crate) fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("DISCORD_TOKEN", self.token()),
            ("HTTPS_PROXY", self.proxy()),
            ("SSL_CERT_FILE", self.authority().display().to_string()),
        ]
    }

    pub(crate) fn token(&self) -> String {
        self.inside.world().token.clone()
    }

    /// `http://127.0.0.1:…`
    pub(crate) fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The file with the certificate to trust.
    pub(crate) fn authority(&self) -> PathBuf {
        self.inside.authority.file()
    }

    /// Waits until the bot is connected and has heard of its guilds.
    pub(crate) async fn ready(&self) {
        self.inside.until("the bot", |world| world.sessions.are_ready().then_some(())).await;
    }
}

/// Who and where.
impl Discord {
    /// A server with everybody in it.
    pub(crate) fn guild(&self, name: &str) -> Guild {
        let id = self.inside.with(|world| world.add_guild(name));
        Guild { inside: self.inside.clone(), id }
    }

    /// Somebody, a member of every server.
    pub(crate) fn user(&self, name: &str) -> Person {
        let id = self.inside.with(|world| world.add_user(name));
        Person { inside: self.inside.clone(), id, name: name.to_owned() }
    }

    /// The bot's id, which is its application's too.
    pub(crate) fn bot(&self) -> Id {
        self.inside.world().bot.id
    }

    /// The bot as it stands in a text.
    pub(crate) fn mention(&self) -> String {
        format!("<@{}>", self.bot())
    }
}

/// What happened.
impl Discord {
    /// The bot's next message in a channel, as it was sent; each is given once. One that thinks is one too.
    pub(crate) async fn next_message(&self, channel: &Channel) -> Seen {
        let what = "another message of the bot";
        let next = self.inside.until(what, |world| {
            let bot = world.bot.name.clone();
            let taken = *world.taken.get(&channel.id).unwrap_or(&0);
            let mut later = world.happenings.iter().enumerate().skip(taken);
            let (place, seen) = later.find_map(|(place, happening)| match &happening.happened {
                Happened::Created(seen) if seen.channel == channel.id && seen.author == bot => {
                    Some((place, seen.clone()))
                }
                _ => None,
            })?;
            world.taken.insert(channel.id, place + 1);
            Some(seen)
        });
        next.await
    }

    /// A message once it is as wanted, which it may be already.
    pub(crate) async fn message_with(&self, message: &Seen, is_wanted: impl Fn(&Seen) -> bool) -> Seen {
        let what = format!("a certain change of: {message}");
        let found = self.inside.until(&what, |world| {
            let seen = world.seen(world.messages.get(&message.id)?);
            is_wanted(&seen).then_some(seen)
        });
        found.await
    }

    /// Waits until a message is taken away.
    pub(crate) async fn gone(&self, message: &Seen) {
        let what = format!("the end of: {message}");
        self.inside.until(&what, |world| (!world.messages.contains_key(&message.id)).then_some(())).await;
    }

    /// Waits for something in what happened in a channel.
    pub(crate) async fn until<T>(&self, what: &str, channel: &Channel, look: impl Fn(&Transcript) -> Option<T>) -> T {
        self.inside.until(what, |world| look(&transcript(world, channel))).await
    }

    /// Waits for something in what was asked over HTTP.
    pub(crate) async fn asked<T>(&self, what: &str, look: impl Fn(&[Request]) -> Option<T>) -> T {
        self.inside.until(what, |world| look(&world.requests)).await
    }

    /// The messages that are in a channel now, oldest first; those for one person too.
    pub(crate) fn messages(&self, channel: &Channel) -> Vec<Seen> {
        let world = self.inside.world();
        let messages = world.messages.values().filter(|message| message.channel == channel.id);
        messages.map(|message| world.seen(message)).collect()
    }

    pub(crate) fn transcript(&self, channel: &Channel) -> Transcript {
        transcript(&self.inside.world(), channel)
    }

    /// Everything that was asked over HTTP.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.inside.world().requests.clone()
    }

    /// The commands as they are registered, and how often they were.
    pub(crate) fn commands(&self) -> (Vec<Value>, usize) {
        let world = self.inside.world();
        (world.commands.clone(), world.registrations)
    }

    /// Connections, IDENTIFYs and RESUMEs on the gateway so far.
    pub(crate) fn gateway_counts(&self) -> (usize, usize, usize) {
        let world = self.inside.world();
        (world.sessions.connections, world.sessions.identifies, world.sessions.resumes)
    }

    /// Heartbeats that came so far.
    pub(crate) fn heartbeats(&self) -> usize {
        self.inside.world().sessions.heartbeats
    }

    /// Waits for something on the gateway: connections, IDENTIFYs, RESUMEs and heartbeats so far.
    pub(crate) async fn gateway_has(&self, what: &str, look: impl Fn([usize; 4]) -> bool) {
        let counted = |world: &mut World| {
            let sessions = &world.sessions;
            let counts = [sessions.connections, sessions.identifies, sessions.resumes, sessions.heartbeats];
            look(counts).then_some(())
        };
        self.inside.until(what, counted).await;
    }

    /// How long it took to answer interactions for the first time; those without an answer are not among them.
    pub(crate) fn answer_times(&self) -> Vec<TimeDelta> {
        let world = self.inside.world();
        let answered =
            world.interactions.values().filter_map(|interaction| Some((interaction.answered?, interaction.started)));
        answered.map(|(answered, started)| answered - started).collect()
    }

    /// How often a file of a message was fetched from the CDN.
    pub(crate) fn fetched(&self, message: &Seen) -> usize {
        let world = self.inside.world();
        let paths = message.files.iter().filter_map(|file| file.url.strip_prefix("https://cdn.discordapp.com"));
        paths.filter_map(|path| world.supplies.get(path.split('?').next()?)).map(|supply| supply.asked).sum()
    }
}

fn transcript(world: &World, channel: &Channel) -> Transcript {
    let here = world.happenings.iter().filter(|happening| happening.channel == channel.id);
    Transcript { happenings: here.cloned().collect() }
}

/// Time.
impl Discord {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.inside.clock.now()
    }

    /// It does not get later by itself any more, for this Discord alone.
    pub(crate) fn stops_time(&self) {
        self.inside.clock.stop();
    }

    /// It is later now, for this Discord alone.
    pub(crate) fn time_passes(&self, by: TimeDelta) {
        self.inside.clock.move_on(by);
        self.inside.with(|_| ());
    }
}

/// What is spoken here.
impl Discord {
    /// Every route, with its parameters' names in braces.
    pub(crate) fn routes() -> Vec<(String, String)> {
        Route::all().into_iter().map(|route| (route.method, route.template)).collect()
    }
}

/// The end.
impl Discord {
    /// A rule that will be broken on purpose, by a part of what is said of it.
    pub(crate) fn expects(&self, part: &str) {
        self.inside.with(|world| world.violations.expect(part));
    }

    /// The rules that were broken so far, the expected ones too.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.inside.world().violations.all().to_vec()
    }

    /// Panics if a rule was broken, somebody was left without an answer, or something that was to go wrong did not.
    pub(crate) fn verdict(self) {
        drop(self);
    }

    /// What the verdict would say.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let world = self.inside.world();
        let mut complaints = world.violations.unexpected();
        let unanswered = world
            .interactions
            .values()
            .filter(|interaction| !interaction.came_late && interaction.has_run_out_of_patience(world.now));
        complaints.extend(unanswered.map(|interaction| format!("Never answered: {}", interaction.told)));
        if world.faults.left() > 0 {
            complaints.push(format!("{} troubles did not come to pass.", world.faults.left()));
        }
        if !world.limits.gateway_was_told {
            complaints.push("The last GET /gateway failed: a client that goes on takes the real gateway.".to_owned());
        }
        complaints
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        self.tasks.stop();
        if std::thread::panicking() {
            return;
        }
        let complaints = self.complaints();
        let story = if complaints.is_empty() { String::new() } else { self.inside.world().story() };
        assert!(complaints.is_empty(), "{}\n\n{story}", complaints.join("\n"));
    }
}
