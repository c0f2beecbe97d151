//! A running program, which a test can stop, freeze, kill or deprive of disk space.

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::finished::Finished;

/// A program that runs until the test stops it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Its first line on stdout; empty if its output is discarded.
    pub first_line: String,
    /// The rest of stdout, and stderr; both complete when the program has ended. `None` if the output is discarded.
    streams: Option<[JoinHandle<String>; 2]>,
}

/// Reads a stream in the background, so that the program never blocks on a full pipe.
fn collect(mut stream: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<String> {
    tokio::spawn(async move {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("it speaks UTF-8");
        text
    })
}

impl Running {
    /// Waits for the first line on stdout and collects everything after it.
    pub(crate) async fn with_output(mut child: Child) -> Self {
        let stderr = collect(child.stderr.take().expect("its stderr is piped"));
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let mut first_line = String::new();
        stdout.read_line(&mut first_line).await.expect("it says something");
        Self { child, first_line, streams: Some([collect(stdout), stderr]) }
    }

    /// Waits for the first line on stdout. The pipe of stderr stays open and fills up.
    pub(crate) async fn with_unread_stderr(mut child: Child) -> Self {
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let mut first_line = String::new();
        stdout.read_line(&mut first_line).await.expect("it says something");
        drop(collect(stdout));
        Self { child, first_line, streams: None }
    }

    /// A program whose output is discarded.
    pub(crate) fn without_output(child: Child) -> Self {
        Self { child, first_line: String::new(), streams: None }
    }

    /// Sends SIGTERM, waits for the end and returns the exit code and the output.
    pub async fn stop_and_collect(mut self) -> Finished {
        self.signal("-TERM").await;
        let code = self.child.wait().await.expect("it ends").code();
        let [stdout, stderr] = self.streams.take().expect("its output is collected");
        let stdout = format!("{}{}", self.first_line, stdout.await.expect("its stdout is read"));
        let stderr = stderr.await.expect("its stderr is read");
        Finished { words: "what was started".to_owned(), code, stdout, stderr }
    }

    /// Sends SIGTERM, as a service manager does, and returns the exit code.
    pub async fn stop(mut self) -> Option<i32> {
        self.signal("-TERM").await;
        self.child.wait().await.expect("it ends").code()
    }

    /// Stops its execution (SIGSTOP) until [`Running::thaw`].
    pub async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    /// Continues its execution (SIGCONT).
    pub async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    /// Waits until it ends by itself and returns the exit code.
    pub async fn end(mut self) -> Option<i32> {
        self.child.wait().await.expect("it ends").code()
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it still runs");
        let sent = Command::new("/bin/kill").arg(name).arg(id.to_string()).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Limits each of its files to `bytes`, to simulate a full disk.
    pub fn fill_disk(&self, bytes: u64) {
        self.limit_files(Some(bytes));
    }

    /// Removes the limit on the size of its files.
    pub fn free_disk(&self) {
        self.limit_files(None);
    }

    fn limit_files(&self, current: Option<u64>) {
        let id = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let limit = Rlimit { current, maximum: None };
        prlimit(Some(id.expect("it still runs")), Resource::Fsize, limit).expect("the limit is set");
    }

    /// Kills it (SIGKILL).
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it is killed");
    }
}
