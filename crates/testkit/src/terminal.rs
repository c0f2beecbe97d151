//! Runs the program at a terminal of 80 columns with colors, and types the user's answers.

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

/// The width of every terminal.
pub const COLUMNS: NonZero<u16> = NonZero::new(80).expect("not zero");
/// The height, large enough that nothing scrolls away.
const ROWS: NonZero<u16> = NonZero::new(400).expect("not zero");

impl Program {
    /// Runs it to its end with stdout and stderr at a terminal each, and an empty stdin.
    ///
    /// The returned stdout is the raw output with color codes. The returned stderr is the final screen with its
    /// colors, after progress bars were overwritten and erased.
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
                read = out.read(&mut out_part), if out_open => match bytes_read(&read) {
                    0 => out_open = false,
                    size => stdout.extend_from_slice(&out_part[..size]),
                },
                read = err.read(&mut err_part), if err_open => match bytes_read(&read) {
                    0 => err_open = false,
                    size => screen.process(&err_part[..size]),
                },
            }
        }
        let code = child.wait().await.expect("it ends").code();
        let stdout = String::from_utf8(stdout).expect("stdout is UTF-8").replace("\r\n", "\n");
        self.finished(&words, code, stdout, painted(screen.screen()))
    }

    /// Starts an interactive session: all three streams are at one terminal.
    #[must_use]
    pub fn open_session<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Session<'_> {
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

/// An interactive session at a terminal.
pub struct Session<'a> {
    program: &'a Program,
    words: Vec<String>,
    child: Child,
    pty: Pty,
    screen: Parser,
}

impl Session<'_> {
    /// Waits until the screen contains `text`.
    pub async fn sees(&mut self, text: &str) {
        while !contents(&self.screen).contains(text) {
            let open = self.read().await;
            assert!(open, "{:?} ended without {text:?}:\n{}", self.words, contents(&self.screen));
        }
    }

    /// Waits for a question, then types the answer and Enter.
    pub async fn answers(&mut self, question: &str, answer: &str) {
        self.sees(question).await;
        self.types(&format!("{answer}\r")).await;
    }

    /// Waits for a question with hidden input, then types the answer and Enter.
    pub async fn answers_hidden(&mut self, question: &str, answer: &str) {
        self.sees(question).await;
        self.reads_keys().await;
        self.write(&format!("{answer}\r")).await;
    }

    /// Types keys one by one. Each key waits until the one before it has changed the screen.
    pub async fn types(&mut self, keys: &str) {
        let mut before = None;
        for key in keys.chars() {
            while before.as_ref().is_some_and(|before| *before == self.screen_state()) {
                assert!(
                    self.read().await,
                    "{:?} ended before {key:?}:\n{}",
                    self.words,
                    contents(&self.screen)
                );
            }
            self.reads_keys().await;
            before = Some(self.screen_state());
            self.write(&key.to_string()).await;
        }
    }

    /// Presses Ctrl-C.
    pub async fn presses_ctrl_c(&mut self) {
        self.write("\u{3}").await;
    }

    /// Waits until the program reads keys, that is, until it has turned the terminal's echo off. Keys typed earlier
    /// would be echoed by the terminal or lost. No event announces this moment, so the terminal's mode is polled.
    async fn reads_keys(&mut self) {
        while tcgetattr(&self.pty).expect("its modes").local_modes.contains(LocalModes::ECHO) {
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "{:?} ended with {ended:?}:\n{}", self.words, contents(&self.screen));
            tokio::task::yield_now().await;
        }
    }

    async fn write(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).await.expect("the terminal takes the keys");
    }

    fn screen_state(&self) -> (String, (u16, u16)) {
        (contents(&self.screen), self.screen.screen().cursor_position())
    }

    /// Waits until it ends by itself. The returned stdout is the final screen.
    pub async fn ends(mut self) -> Finished {
        while self.read().await {}
        let code = self.child.wait().await.expect("it ends").code();
        self.program.finished(&self.words, code, contents(&self.screen), String::new())
    }

    /// Reads the next output; `false` if the program has ended.
    async fn read(&mut self) -> bool {
        let mut part = [0; 4_096];
        let size = bytes_read(&self.pty.read(&mut part).await);
        self.screen.process(&part[..size]);
        size > 0
    }
}

/// A terminal and the end of it that the program uses.
fn terminal() -> (Pty, Pts) {
    let (pty, end) = pty_process::open().expect("a terminal");
    pty.resize(Size::new(ROWS.get(), COLUMNS.get())).expect("it takes a size");
    (pty, end)
}

fn screen() -> Parser {
    Parser::new(ROWS, COLUMNS, 0)
}

/// The text on the screen without trailing spaces. A line that the terminal wrapped counts as one line.
fn contents(screen: &Parser) -> String {
    let text = screen.screen().contents();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// The text on the screen with color codes, one code at each change of style.
fn painted(screen: &Screen) -> String {
    let mut text = String::new();
    for row in 0..ROWS.get() {
        let mut style = String::new();
        for cell in (0..COLUMNS.get()).filter_map(|column| screen.cell(row, column)) {
            let now = style_of(cell);
            if now != style {
                text.push_str(if now.is_empty() { "\u{1b}[0m" } else { &now });
                style = now;
            }
            text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
        if !style.is_empty() {
            text.push_str("\u{1b}[0m");
        }
        if !screen.row_wrapped(row) {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
    }
    format!("{}\n", text.trim_end())
}

/// The code of a cell's style; empty for the default style. Supports only the styles that the program uses.
fn style_of(cell: &Cell) -> String {
    let color = match cell.fgcolor() {
        Color::Default => None,
        Color::Idx(of) => Some(format!("{}", 30 + u16::from(of))),
        Color::Rgb(..) => panic!("a color that not every terminal has"),
    };
    let bold = cell.bold().then(|| "1".to_owned());
    let codes: Vec<String> = bold.into_iter().chain(color).collect();
    if codes.is_empty() { String::new() } else { format!("\u{1b}[0;{}m", codes.join(";")) }
}

/// How many bytes were read. On Linux the end of the program shows as a read error.
fn bytes_read(read: &std::io::Result<usize>) -> usize {
    read.as_ref().copied().unwrap_or(0)
}
