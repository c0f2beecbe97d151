//! Runs the built binary in a clean environment.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tempfile::TempDir;
use tokio::process::Command;

use crate::finished::Finished;
use crate::running::Running;
use crate::shop::{CANARY, TestShop};
use crate::warehouse::{TestWarehouse, sqlite_url};

/// The binary with its own working folder, its own home folder and only the environment variables that a test sets.
///
/// After each run, the output and all written files are searched for the API key [`CANARY`], which must not occur.
#[derive(Debug)]
pub struct Program {
    binary: PathBuf,
    folder: TempDir,
    variables: BTreeMap<String, OsString>,
    may_contain_key: BTreeSet<PathBuf>,
}

/// A device on which every write fails because it is full.
fn full_device() -> std::fs::File {
    std::fs::File::options().write(true).open("/dev/full").expect("a full device")
}

impl Program {
    /// The binary at this path, with English messages, short waits and the state in the working folder. It has no shop
    /// and no warehouse yet.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for inner in ["home", "tmp", "here"] {
            std::fs::create_dir(folder.path().join(inner)).expect("a folder");
        }
        let mut program = Self {
            binary: binary.into(),
            folder,
            variables: BTreeMap::new(),
            may_contain_key: BTreeSet::new(),
        };
        let (home, temporary) = (program.home(), program.temporary());
        let state = sqlite_url(&program.path("state.db"));
        for (name, value) in [
            ("PATH", OsString::from("/usr/bin:/bin")),
            ("HOME", home.into_os_string()),
            ("TMPDIR", temporary.into_os_string()),
            ("WIXSYNC_LANG", "en".into()),
            ("WIXSYNC_HTTP_TIMEOUT", "2s".into()),
            ("WIXSYNC_SETTLE", "200ms".into()),
            ("WIXSYNC_STATE_URL", state.into()),
            // The pace would make tests wait. Those of the pace set it themselves.
            ("WIXSYNC_PACE", "off".into()),
            // A free port, because other programs may listen on the default port.
            ("WIXSYNC_LISTEN", "127.0.0.1:0".into()),
        ] {
            program.variables.insert(name.to_owned(), value);
        }
        program
    }

    /// Configures the default shop.
    #[must_use]
    pub fn shop(self, shop: &TestShop) -> Self {
        self.set("WIX_API_KEY", CANARY)
            .set("WIX_SITE_ID", shop.site_id())
            .set("WIX_BASE_URL", shop.base_url())
    }

    /// Configures the warehouse.
    #[must_use]
    pub fn warehouse(self, warehouse: &TestWarehouse) -> Self {
        self.set("WIXSYNC_WAREHOUSE_URL", warehouse.url())
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// Writes a file in the working folder. This file may contain the API key.
    #[must_use]
    pub fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(&path, content).expect("the file is written");
        self.may_contain_key.insert(path);
        self
    }

    /// Allows the program to write the API key to this file in the working folder.
    #[must_use]
    pub fn may_hold_the_key(mut self, name: &str) -> Self {
        let path = self.path(name);
        self.may_contain_key.insert(path);
        self
    }

    /// Writes `wixsync.toml` in the working folder.
    #[must_use]
    pub fn toml(self, content: &str) -> Self {
        self.file("wixsync.toml", content)
    }

    /// A path in the working folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("here").join(name)
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The folder for temporary files.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// All files in the program's folders.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the folder is read") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }

    /// Runs it to its end with a stderr on which every write fails. Returns the exit code.
    pub async fn run_with_full_stderr<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> Option<i32> {
        let mut command = self.command();
        command.args(words).stdout(Stdio::null()).stderr(full_device());
        command.status().await.expect("the program starts").code()
    }

    /// Runs it to its end with a stdout on which every write fails. Returns the exit code and stderr.
    pub async fn run_with_full_stdout<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> (Option<i32>, String) {
        let mut command = self.command();
        command.args(words).stdout(full_device()).stderr(Stdio::piped());
        let child = command.spawn().expect("the program starts");
        let output = child.wait_with_output().await.expect("its output is read");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs it to its end.
    pub async fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Finished {
        self.run_with(words, b"").await
    }

    /// Runs it to its end with `input` on its stdin.
    pub async fn run_with<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
        input: &[u8],
    ) -> Finished {
        let words: Vec<W> = words.into_iter().collect();
        let mut command = self.command();
        command.args(&words);
        if !input.is_empty() {
            let mut file = tempfile::tempfile().expect("a temporary file");
            file.write_all(input).and_then(|()| file.rewind()).expect("the input is kept");
            command.stdin(file);
        }
        let Output { status, stdout, stderr } = command.output().await.expect("the program starts");
        let stdout = String::from_utf8(stdout).expect("stdout is UTF-8");
        let stderr = String::from_utf8(stderr).expect("stderr is UTF-8");
        self.finished(&words, status.code(), stdout, stderr)
    }

    /// The result of a run, after checking that the API key is nowhere in its output and files.
    pub(crate) fn finished<W: AsRef<OsStr>>(
        &self,
        words: &[W],
        code: Option<i32>,
        stdout: String,
        stderr: String,
    ) -> Finished {
        let words = format!("{:?}", words.iter().map(AsRef::as_ref).collect::<Vec<&OsStr>>());
        let finished = Finished { words, code, stdout, stderr };
        self.assert_no_secret(&finished);
        finished
    }

    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    pub(crate) fn variables(&self) -> &BTreeMap<String, OsString> {
        &self.variables
    }

    /// Starts it in the background and waits for its first line on stdout.
    pub async fn start<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Running {
        let child = self
            .command()
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        Running::with_output(child).await
    }

    /// Starts it in the background, waits for its first line on stdout, and never reads its stderr.
    pub async fn start_with_unread_stderr<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> Running {
        let mut command = self.command();
        command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Running::with_unread_stderr(command.spawn().expect("the program starts")).await
    }

    /// Starts it in the background and discards its output.
    #[must_use]
    pub fn spawn<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Running {
        let mut command = self.command();
        command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().expect("the program starts");
        Running::without_output(child)
    }

    /// Prepares the program for [`Running::fill_disk`]: a wrapper script ignores the signal SIGXFSZ, which would
    /// otherwise kill a program that exceeds its file size limit.
    #[must_use]
    pub fn with_limited_disk(mut self) -> Self {
        let script = self.folder.path().join("limited-disk.sh");
        let text = format!("trap '' XFSZ\nexec '{}' \"$@\"\n", self.binary.display());
        std::fs::write(&script, format!("#!/bin/sh\n{text}")).expect("the script is written");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&script, executable).expect("it becomes executable");
        self.binary = script;
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.folder.path().join("here"))
            .stdin(Stdio::null());
        command
    }

    fn assert_no_secret(&self, finished: &Finished) {
        for (stream, text) in [("stdout", &finished.stdout), ("stderr", &finished.stderr)] {
            assert!(!text.contains(CANARY), "the key stands on {stream} of {}:\n{text}", finished.words);
        }
        for path in self.files() {
            if !self.may_contain_key.contains(&path) {
                assert!(!holds(&path, CANARY), "{} of {} holds the key", path.display(), finished.words);
            }
        }
    }
}

fn holds(path: &Path, needle: &str) -> bool {
    // The file may be deleted in the meantime.
    let content = std::fs::read(path).unwrap_or_default();
    content.windows(needle.len()).any(|window| window == needle.as_bytes())
}
