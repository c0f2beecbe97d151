//! A program while it runs: told to end, stood still, killed, given no room on its disk.

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::finished::Finished;

/// A program that runs until it is stopped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Its first line on stdout; empty where nobody listened.
    pub first_line: String,
    /// What it says on stdout after that, and on stderr, once it has ended.
    streams: Option<[JoinHandle<String>; 2]>,
}

/// Reads what a program says, so that it never waits for a reader.
fn heard(mut stream: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<String> {
    tokio::spawn(async move {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("it speaks UTF-8");
        text
    })
}

impl Running {
    /// With its first line on stdout, which is waited for, and all that it says after that.
    pub(crate) async fn listened_to(mut child: Child) -> Self {
        let stderr = heard(child.stderr.take().expect("its stderr is piped"));
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let mut first_line = String::new();
        stdout.read_line(&mut first_line).await.expect("it says something");
        Self { child, first_line, streams: Some([heard(stdout), stderr]) }
    }

    /// With nobody who listens.
    pub(crate) fn unheard(child: Child) -> Self {
        Self { child, first_line: String::new(), streams: None }
    }

    /// Asks it to end, and gives its exit code and all that it said.
    pub async fn stop_heard(mut self) -> Finished {
        self.signal("-TERM").await;
        let code = self.child.wait().await.expect("it ends").code();
        let [stdout, stderr] = self.streams.take().expect("somebody listened");
        let stdout = format!("{}{}", self.first_line, stdout.await.expect("its stdout is read"));
        let stderr = stderr.await.expect("its stderr is read");
        Finished { words: "what was started".to_owned(), code, stdout, stderr }
    }

    /// Asks it to end, as a service manager does, and gives its exit code.
    pub async fn stop(mut self) -> Option<i32> {
        self.signal("-TERM").await;
        self.child.wait().await.expect("it ends").code()
    }

    /// Stands it still: no line of it runs until it is [thawed](Running::thaw).
    pub async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    /// Lets it go on where it stood.
    pub async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    /// Waits until it has ended by itself, and gives its exit code.
    pub async fn end(mut self) -> Option<i32> {
        self.child.wait().await.expect("it ends").code()
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it still runs");
        let told = Command::new("/bin/kill").arg(name).arg(id.to_string()).status().await;
        assert!(told.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Lets no file of it grow beyond `bytes`, as where a disk is full.
    pub fn fill_disk(&self, bytes: u64) {
        self.limit_files(Some(bytes));
    }

    /// Lets its files grow again.
    pub fn free_disk(&self) {
        self.limit_files(None);
    }

    fn limit_files(&self, current: Option<u64>) {
        let id = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let limit = Rlimit { current, maximum: None };
        prlimit(Some(id.expect("it still runs")), Resource::Fsize, limit).expect("the limit is set");
    }

    /// Ends it at once, without a word.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it is killed");
    }
}
