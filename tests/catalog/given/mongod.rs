//! A MongoDB server for tests, gone when they are.

use std::{
    fs::{self, File},
    io::Read as _,
    net::TcpListener,
    os::unix::process::{CommandExt as _, parent_id},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

/// Starts a server, says so, and removes it with its folder once a process has ended.
const KEEPER: &str = r#"
mongod=$1 folder=$2 port=$3 owner=$4
"$mongod" --fork --logpath "$folder/log" --pidfilepath "$folder/pid" --dbpath "$folder/db" \
    --port "$port" --bind_ip 127.0.0.1 --nounixsocket --wiredTigerCacheSizeGB 0.25 \
    --setParameter ttlMonitorSleepSecs=1 --setParameter diagnosticDataCollectionEnabled=false \
    --wiredTigerEngineConfigString 'log=(file_max=10MB,prealloc=false)' >"$folder/starting" 2>&1 || exit 1
printf started
exec >/dev/null
tail --pid="$owner" -f /dev/null
kill -KILL "$(cat "$folder/pid")"
rm -rf "$folder"
"#;

/// Another program may take a port between its being found free and the server's start.
const ATTEMPTS: usize = 5;

/// The address of a server for all tests: the one that is named for them, or one that this run of them shares.
pub(crate) fn shared_uri() -> &'static str {
    static URI: OnceLock<String> = OnceLock::new();
    URI.get_or_init(|| std::env::var("TAIPAN_TEST_MONGODB_URI").unwrap_or_else(|_| uri(shared_port())))
}

/// With nextest each test has a process of its own, and all of them have one parent; else there is one process.
fn shared_port() -> u16 {
    let owner = if std::env::var_os("NEXTEST_RUN_ID").is_some() { parent_id() } else { std::process::id() };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mongod-{owner}"));
    fs::create_dir_all(&folder).unwrap();
    // The first one starts it while the others wait.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let port_file = folder.join("port");
    if let Ok(port) = fs::read_to_string(&port_file) {
        return port.parse().unwrap();
    }
    let port = start_anywhere(&folder, owner);
    fs::write(port_file, port.to_string()).unwrap();
    port
}

/// A server of a test's own, which it may kill.
pub(crate) struct OwnServer {
    folder: TempDir,
    port: u16,
}

impl OwnServer {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = start_anywhere(folder.path(), std::process::id());
        Self { folder, port }
    }

    pub(crate) fn uri(&self) -> String {
        uri(self.port)
    }

    pub(crate) fn place(&self) -> String {
        format!("mongodb://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, as a failing machine would.
    pub(crate) fn kill(&self) {
        let pid = fs::read_to_string(self.folder.path().join("pid")).unwrap();
        let script = "kill -KILL \"$1\" && tail --pid=\"$1\" -s 0.01 -f /dev/null";
        assert!(Command::new("sh").args(["-c", script, "kill", pid.trim()]).status().unwrap().success());
    }

    /// Starts it again, with what it had on its disk.
    pub(crate) fn start_again(&self) {
        assert!(start(self.folder.path(), self.port, std::process::id()), "{}", said(self.folder.path()));
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Ok(pid) = fs::read_to_string(self.folder.path().join("pid")) {
            // It may have been killed already.
            drop(Command::new("kill").args(["-KILL", pid.trim()]).stderr(Stdio::null()).status());
        }
    }
}

/// A port on which nothing listens.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn uri(port: u16) -> String {
    format!("mongodb://127.0.0.1:{port}/?directConnection=true")
}

fn start_anywhere(folder: &Path, owner: u32) -> u16 {
    let started = (0..ATTEMPTS).map(|_| free_port()).find(|port| start(folder, *port, owner));
    started.unwrap_or_else(|| panic!("the MongoDB server for tests does not start: {}", said(folder)))
}

/// Whether it answers now.
#[expect(clippy::zombie_processes, reason = "the keeper outlives the test that started it")]
fn start(folder: &Path, port: u16, owner: u32) -> bool {
    fs::create_dir_all(folder.join("db")).unwrap();
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(program()).arg(folder).args([port.to_string(), owner.to_string()]);
    // Its own group, since it outlives the test that started it.
    keeper.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut keeper = keeper.spawn().unwrap();
    let mut answer = String::new();
    keeper.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    if answer != "started" {
        keeper.wait().unwrap();
    }
    answer == "started"
}

fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/mongod");
    assert!(
        program.exists(),
        "There is no MongoDB server for tests: run `make mongod`, or set TAIPAN_TEST_MONGODB_URI to one on which tests \
         may make and drop databases."
    );
    program
}

fn said(folder: &Path) -> String {
    fs::read_to_string(folder.join("starting")).unwrap_or_default()
}
