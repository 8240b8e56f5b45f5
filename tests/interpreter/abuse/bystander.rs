//! The run next to a hostile one.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use taipan::{Ending, Interpreter, Request};
use tempfile::TempDir;

/// What is in the bystander's file, and in no memory that hostile code may see; written so that its own code does not
/// hold it either.
const SECRET: &str = "the bystander's own words: 8c1f6a";

/// What a bystander may take: many times what it takes alone, since the machine is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Uses files, memory, threads and the processor as honest code does, and shows what it has come to.
const CODE: &str = "
import hashlib, os, threading, time
assert sorted(os.listdir()) == ['own.txt'], os.listdir()
words = open(FILES['own']).read()
digest = words.encode()
for _ in range(20):
    digest = hashlib.sha256(digest + words.encode()).digest()
    with open('mine.bin', 'wb') as file:
        file.write(digest)
    time.sleep(0.001)
memory = bytearray(20_000_000)
done = []
threads = [threading.Thread(target=done.append, args=(number,)) for number in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert sorted(done) == [0, 1, 2, 3] and memory.count(0) == 20_000_000
assert open('mine.bin', 'rb').read() == digest and sorted(os.listdir()) == ['mine.bin', 'own.txt']
assert sorted(os.listdir('/tmp')) == [] and sorted(os.listdir('/dev/shm')) == []
print(digest.hex()[:16])
";

/// What it comes to.
const DIGEST: &str = "45c6379fcdf1339e";

/// The bystander's file on the host.
pub(super) struct Bystander {
    folder: TempDir,
}

impl Bystander {
    pub(super) fn new() -> Self {
        let bystander = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::write(bystander.file(), SECRET).expect("a file");
        bystander
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("own.txt")
    }

    /// Runs once; gives what was disturbed.
    pub(super) async fn run(&self, interpreter: &Interpreter) -> Vec<String> {
        let request = Request::new(CODE).owner("bystander").input_file("own", self.file());
        let began = Instant::now();
        let outcome = interpreter.execute(request).await.expect("an outcome");
        let (took, mut wrong) = (began.elapsed(), Vec::new());
        let files: Vec<_> = outcome.generated_files.iter().map(|file| (file.name.as_str(), file.size)).collect();
        if outcome.ending != Ending::Completed || outcome.output != format!("{DIGEST}\n") {
            wrong.push(format!("the bystander ended with {:?}: {}", outcome.ending, outcome.output));
        }
        if files != [("mine.bin", 32)] || outcome.generated_files[0].read().is_err() || !outcome.notes.is_empty() {
            wrong.push(format!("the bystander has the files {files:?} and the notes {:?}", outcome.notes));
        }
        if took > PATIENCE {
            wrong.push(format!("the bystander took {took:?}"));
        }
        if fs::read_to_string(self.file()).expect("a file") != SECRET {
            wrong.push("the bystander's file was changed".to_owned());
        }
        wrong
    }
}
