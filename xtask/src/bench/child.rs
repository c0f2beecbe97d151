//! The bench's child processes. They never outlive the bench, and their resource usage is measured from outside.
//!
//! A child is started through this program's hidden command [`ChildArgs`]. It asks the operating system to kill it
//! when the bench ends for any reason, and then replaces itself by the wanted program. To measure usage, it stays
//! and runs the program as its only child: the system reports the peak memory only for all children of a process
//! together, and the bench itself has had other children.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};

use super::usage::Usage;
use crate::clock::Stopwatch;

/// The name of the hidden command.
const COMMAND: &str = "bench-child";
/// How often to poll whether a child has ended. The usage is measured independently of this.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Runs a program that ends together with its parent.
#[derive(clap::Args)]
pub(crate) struct ChildArgs {
    /// The process id of the parent.
    #[arg(long)]
    parent: u32,
    /// Write the program's resource usage to this file.
    #[arg(long)]
    usage: Option<PathBuf>,
    /// The program and its arguments.
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Replaces this process by the program, or runs the program and measures it.
pub(crate) fn be(args: &ChildArgs) -> anyhow::Result<ExitCode> {
    end_with_parent(args.parent)?;
    let Some((program, rest)) = args.program.split_first() else { bail!("no program") };
    let Some(usage) = &args.usage else {
        let failed = Command::new(program).args(rest).exec();
        return Err(failed).with_context(|| format!("cannot start {}", program.display()));
    };
    let mut command = command(Path::new(program), None)?;
    let watch = Stopwatch::start();
    let status = command.args(rest).status().context("cannot start the measured program")?;
    let wall_ms = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
    let used = serde_json::to_string(&Usage::of_children(wall_ms)?)?;
    std::fs::write(usage, used).with_context(|| format!("cannot write {}", usage.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(target_os = "linux")]
fn end_with_parent(parent: u32) -> anyhow::Result<()> {
    use nix::sys::{prctl, signal::Signal};
    prctl::set_pdeathsig(Signal::SIGKILL).context("cannot ask to end with the bench")?;
    still_there(parent)
}

/// On other systems the bench ends its children itself, unless it is killed.
#[cfg(not(target_os = "linux"))]
fn end_with_parent(parent: u32) -> anyhow::Result<()> {
    still_there(parent)
}

/// Fails if the parent had already ended before this process asked to end with it.
fn still_there(parent: u32) -> anyhow::Result<()> {
    if parent_id() == parent { Ok(()) } else { bail!("the bench is gone") }
}

/// The command that runs `program` as a child of this process and, with `usage`, measures it. The caller appends
/// the program's arguments.
fn command(program: &Path, usage: Option<&Path>) -> anyhow::Result<Command> {
    let own = std::env::current_exe().context("cannot tell the bench's own program")?;
    let mut command = Command::new(own);
    command.arg(COMMAND).arg("--parent").arg(std::process::id().to_string());
    if let Some(usage) = usage {
        command.arg("--usage").arg(usage);
    }
    command.arg("--").arg(program);
    Ok(command)
}

/// How to start a program.
pub(super) struct Start<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a [String],
    /// Its complete environment.
    pub(super) environment: &'a [(&'a str, String)],
    /// Its current folder, which also holds its output files.
    pub(super) folder: &'a Path,
    /// The base name of its files: `NAME.out`, `NAME.log` and `NAME.usage`.
    pub(super) name: &'a str,
    /// The file for its standard input.
    pub(super) input: Option<&'a Path>,
}

/// A child process that is killed on drop.
pub(super) struct ChildProcess {
    child: Child,
    out: PathBuf,
    log: PathBuf,
}

impl ChildProcess {
    pub(super) fn start(start: &Start<'_>, usage: Option<&Path>) -> anyhow::Result<Self> {
        let file = |kind: &str| start.folder.join(format!("{}.{kind}", start.name));
        let (out, log) = (file("out"), file("log"));
        let input = match start.input {
            Some(input) => Stdio::from(File::open(input)?),
            None => Stdio::null(),
        };
        let child = command(start.program, usage)?
            .args(start.args)
            .env_clear()
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(start.folder)
            .stdin(input)
            .stdout(File::create(&out)?)
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", start.program.display()))?;
        Ok(Self { child, out, log })
    }

    /// Its standard output so far.
    pub(super) fn output(&self) -> anyhow::Result<String> {
        read(&self.out)
    }

    /// Its standard error so far.
    pub(super) fn log(&self) -> anyhow::Result<String> {
        read(&self.log)
    }

    /// Its exit status; `None` while it runs.
    pub(super) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end, at most `longest`.
    pub(super) fn wait(&mut self, longest: Duration) -> anyhow::Result<ExitStatus> {
        let watch = Stopwatch::start();
        while watch.elapsed() < longest {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            sleep(POLL_INTERVAL);
        }
        bail!("it has not ended within {} s", longest.as_secs())
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // An error only means that it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The results of a program that has ended.
pub(super) struct Finished {
    pub(super) code: Option<i32>,
    pub(super) output: String,
    pub(super) log: String,
    pub(super) usage: Usage,
}

/// Runs a program to its end and measures it.
pub(super) fn measured(start: &Start<'_>, longest: Duration) -> anyhow::Result<Finished> {
    let file = start.folder.join(format!("{}.usage", start.name));
    let mut ward = ChildProcess::start(start, Some(&file))?;
    let status = ward.wait(longest).with_context(|| start.name.to_owned())?;
    let (output, log) = (ward.output()?, ward.log()?);
    let usage = read(&file).with_context(|| format!("{} was not measured: {}", start.name, tail(&log)))?;
    Ok(Finished { code: status.code(), output, log, usage: serde_json::from_str(&usage)? })
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The last lines of a log, for messages.
pub(super) fn tail(log: &str) -> String {
    const LINES: usize = 12;
    let lines: Vec<&str> = log.lines().collect();
    let from = lines.len().saturating_sub(LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}
