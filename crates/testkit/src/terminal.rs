//! The program at a terminal: 80 columns wide, with colours, and with somebody who types.

use std::ffi::OsStr;
use std::num::NonZero;
use std::os::fd::AsFd;
use std::process::Stdio;

use pty_process::{Pts, Pty, Size};
use rustix::termios::{LocalModes, tcgetattr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Child;
use vt100::{Cell, Color, Parser, Screen};

use crate::finished::Finished;
use crate::program::Program;

/// How wide every terminal is.
pub const COLUMNS: NonZero<u16> = NonZero::new(80).expect("not zero");
/// High enough that nothing a test looks at scrolls away.
const ROWS: NonZero<u16> = NonZero::new(400).expect("not zero");

impl Program {
    /// Runs it to its end with stdout and stderr each at a terminal of its own, and nothing to read on stdin.
    ///
    /// Its stdout is as it came, colours and all. Its stderr is what stays on the screen, in its colours, once bars
    /// are drawn over and wiped away.
    pub async fn run_at_terminal<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Finished {
        let words: Vec<W> = words.into_iter().collect();
        let ((mut out, out_end), (mut err, err_end)) = (terminal(), terminal());
        let mut child = self
            .at_terminal(&words)
            .stdin(Stdio::null())
            .stderr(err_end.as_fd().try_clone_to_owned().expect("one handle more"))
            .spawn(out_end)
            .expect("the program starts");
        drop(err_end);
        let (mut stdout, mut screen) = (Vec::new(), screen());
        let (mut out_open, mut err_open) = (true, true);
        let (mut out_part, mut err_part) = ([0; 4_096], [0; 4_096]);
        while out_open || err_open {
            tokio::select! {
                read = out.read(&mut out_part), if out_open => match said(&read) {
                    0 => out_open = false,
                    size => stdout.extend_from_slice(&out_part[..size]),
                },
                read = err.read(&mut err_part), if err_open => match said(&read) {
                    0 => err_open = false,
                    size => screen.process(&err_part[..size]),
                },
            }
        }
        let code = child.wait().await.expect("it ends").code();
        let stdout = String::from_utf8(stdout).expect("stdout is UTF-8").replace("\r\n", "\n");
        self.finished(&words, code, stdout, painted(screen.screen()))
    }

    /// Starts it at one terminal for all three streams, for somebody to answer.
    #[must_use]
    pub fn sit_down<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Session<'_> {
        let words: Vec<W> = words.into_iter().collect();
        let (pty, end) = terminal();
        let child = self.at_terminal(&words).spawn(end).expect("the program starts");
        let words = words.iter().map(|word| word.as_ref().to_string_lossy().into_owned()).collect();
        Session { program: self, words, child, pty, screen: screen() }
    }

    fn at_terminal<W: AsRef<OsStr>>(&self, words: &[W]) -> pty_process::Command {
        let command = pty_process::Command::new(self.binary()).env_clear().envs(self.variables());
        let command = command.env("TERM", "xterm-256color").current_dir(self.path("")).kill_on_drop(true);
        command.args(words)
    }
}

/// Somebody at a terminal.
pub struct Session<'a> {
    program: &'a Program,
    words: Vec<String>,
    child: Child,
    pty: Pty,
    screen: Parser,
}

impl Session<'_> {
    /// Waits until this stands on the screen.
    pub async fn sees(&mut self, text: &str) {
        while !contents(&self.screen).contains(text) {
            let open = self.read().await;
            assert!(open, "{:?} ended without {text:?}:\n{}", self.words, contents(&self.screen));
        }
    }

    /// Waits for a question, and types the answer and the Enter key.
    pub async fn answers(&mut self, question: &str, answer: &str) {
        self.sees(question).await;
        self.types(&format!("{answer}\r")).await;
    }

    /// Waits for a question whose answer is not shown, and types it and the Enter key.
    pub async fn answers_unseen(&mut self, question: &str, answer: &str) {
        self.sees(question).await;
        self.is_listened_to().await;
        self.write(&format!("{answer}\r")).await;
    }

    /// Types these keys, each once the one before it has changed the screen.
    pub async fn types(&mut self, keys: &str) {
        let mut before = None;
        for key in keys.chars() {
            while before.as_ref().is_some_and(|before| *before == self.look()) {
                assert!(
                    self.read().await,
                    "{:?} ended before {key:?}:\n{}",
                    self.words,
                    contents(&self.screen)
                );
            }
            self.is_listened_to().await;
            before = Some(self.look());
            self.write(&key.to_string()).await;
        }
    }

    /// Waits until the program reads keys: then it has turned the echo off. What is typed before that is echoed by
    /// the terminal as well, or thrown away. Nothing tells of this moment, so it is looked for.
    async fn is_listened_to(&mut self) {
        while tcgetattr(&self.pty).expect("its modes").local_modes.contains(LocalModes::ECHO) {
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "{:?} ended with {ended:?}:\n{}", self.words, contents(&self.screen));
            tokio::task::yield_now().await;
        }
    }

    async fn write(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).await.expect("the terminal takes the keys");
    }

    fn look(&self) -> (String, (u16, u16)) {
        (contents(&self.screen), self.screen.screen().cursor_position())
    }

    /// Waits until it has ended by itself. Its stdout is what stays on the screen.
    pub async fn ends(mut self) -> Finished {
        while self.read().await {}
        let code = self.child.wait().await.expect("it ends").code();
        self.program.finished(&self.words, code, contents(&self.screen), String::new())
    }

    /// Takes what it says next; `false` where it has ended.
    async fn read(&mut self) -> bool {
        let mut part = [0; 4_096];
        let size = said(&self.pty.read(&mut part).await);
        self.screen.process(&part[..size]);
        size > 0
    }
}

/// A terminal, and the end of it that a program holds.
fn terminal() -> (Pty, Pts) {
    let (pty, end) = pty_process::open().expect("a terminal");
    pty.resize(Size::new(ROWS.get(), COLUMNS.get())).expect("it takes a size");
    (pty, end)
}

fn screen() -> Parser {
    Parser::new(ROWS, COLUMNS, 0)
}

/// The letters on the screen, without the blanks at the ends of lines. A line that the terminal broke is one line.
fn contents(screen: &Parser) -> String {
    let text = screen.screen().contents();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// The letters on the screen with the codes of their colours, one code wherever the look changes.
fn painted(screen: &Screen) -> String {
    let mut text = String::new();
    for row in 0..ROWS.get() {
        let mut look = String::new();
        for cell in (0..COLUMNS.get()).filter_map(|column| screen.cell(row, column)) {
            let now = look_of(cell);
            if now != look {
                text.push_str(if now.is_empty() { "\u{1b}[0m" } else { &now });
                look = now;
            }
            text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
        if !look.is_empty() {
            text.push_str("\u{1b}[0m");
        }
        if !screen.row_wrapped(row) {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
    }
    format!("{}\n", text.trim_end())
}

/// The code of a cell's colour; nothing where it is as usual. Whoever uses more colours than these adds them.
fn look_of(cell: &Cell) -> String {
    let colour = match cell.fgcolor() {
        Color::Default => None,
        Color::Idx(of) => Some(format!("{}", 30 + u16::from(of))),
        Color::Rgb(..) => panic!("a colour that not every terminal has"),
    };
    let bold = cell.bold().then(|| "1".to_owned());
    let codes: Vec<String> = bold.into_iter().chain(colour).collect();
    if codes.is_empty() { String::new() } else { format!("\u{1b}[0;{}m", codes.join(";")) }
}

/// How much was read. Linux tells of the program's end as an error.
fn said(read: &std::io::Result<usize>) -> usize {
    read.as_ref().copied().unwrap_or(0)
}
