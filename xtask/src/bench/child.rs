//! The bench's children: none outlives it, and what they have used is measured from outside.
//!
//! A child is started through this program's own hidden command [`ChildArgs`]. It asks the system to be killed
//! when the bench is gone, however that came, and then becomes the program that is meant. Where usage is wanted
//! it stays, and has that program as its one child: the system tells the peak of children only for all of them
//! together, and the bench has had others.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};

use super::clock::Stopwatch;
use super::usage::Usage;

/// The hidden command's name.
const COMMAND: &str = "bench-child";
/// How often it is looked whether a child has ended. What it used is measured elsewhere.
const LOOK: Duration = Duration::from_millis(10);

/// Runs a program that ends with its parent.
#[derive(clap::Args)]
pub(crate) struct ChildArgs {
    /// The process that started this one.
    #[arg(long)]
    parent: u32,
    /// Writes what the program has used to this file.
    #[arg(long)]
    usage: Option<PathBuf>,
    /// The program and its arguments.
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Becomes the program, or waits for it and measures it.
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

/// Elsewhere the bench ends its children itself, unless it is killed.
#[cfg(not(target_os = "linux"))]
fn end_with_parent(parent: u32) -> anyhow::Result<()> {
    still_there(parent)
}

/// Whether the parent was gone already when it was asked to tell its end.
fn still_there(parent: u32) -> anyhow::Result<()> {
    if parent_id() == parent { Ok(()) } else { bail!("the bench is gone") }
}

/// The command that runs `program` as a child of this process; with `usage` it is measured. What is appended are
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

/// How a program is to be started.
pub(super) struct Start<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a [String],
    /// All of its environment.
    pub(super) environment: &'a [(&'a str, String)],
    /// Its current folder, and that of its files.
    pub(super) folder: &'a Path,
    /// `NAME.out`, `NAME.log` and `NAME.usage` are its files there.
    pub(super) name: &'a str,
    /// What it reads.
    pub(super) input: Option<&'a Path>,
}

/// A child that is killed when this is dropped.
pub(super) struct Ward {
    child: Child,
    out: PathBuf,
    log: PathBuf,
}

impl Ward {
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

    /// What it has written to its standard output so far.
    pub(super) fn output(&self) -> anyhow::Result<String> {
        read(&self.out)
    }

    /// What it has written to its standard error so far.
    pub(super) fn log(&self) -> anyhow::Result<String> {
        read(&self.log)
    }

    /// How it has ended; `None` while it runs.
    pub(super) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end, not longer than this.
    pub(super) fn wait(&mut self, longest: Duration) -> anyhow::Result<ExitStatus> {
        let watch = Stopwatch::start();
        while watch.elapsed() < longest {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            sleep(LOOK);
        }
        bail!("it has not ended within {} s", longest.as_secs())
    }
}

impl Drop for Ward {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program that has ended left behind.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) output: String,
    pub(super) log: String,
    pub(super) usage: Usage,
}

/// Runs a program to its end and measures it.
pub(super) fn measured(start: &Start<'_>, longest: Duration) -> anyhow::Result<Ended> {
    let file = start.folder.join(format!("{}.usage", start.name));
    let mut ward = Ward::start(start, Some(&file))?;
    let status = ward.wait(longest).with_context(|| start.name.to_owned())?;
    let (output, log) = (ward.output()?, ward.log()?);
    let usage = read(&file).with_context(|| format!("{} was not measured: {}", start.name, tail(&log)))?;
    Ok(Ended { code: status.code(), output, log, usage: serde_json::from_str(&usage)? })
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The end of a log: what a person needs to see of it.
pub(super) fn tail(log: &str) -> String {
    const LINES: usize = 12;
    let lines: Vec<&str> = log.lines().collect();
    let from = lines.len().saturating_sub(LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}
