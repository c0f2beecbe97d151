//! Writes log lines without ever waiting for their reader.
//!
//! A reader that stalls (a terminal that is stopped, a full pipe) must not stop the service. So lines wait in memory, up
//! to a limit. What comes beyond it is dropped and counted, and the log says how many lines are missing once its reader
//! goes on.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most bytes of lines that wait.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How long the end of the process waits for the reader.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// The queue of lines; cheap to clone.
#[derive(Clone)]
pub(crate) struct LogWriter {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    /// Whether a line has been taken and is not written yet.
    is_writing: bool,
}

impl Queue {
    fn push(&mut self, line: &[u8]) {
        if self.bytes + line.len() > MOST_BYTES {
            self.dropped += 1;
            return;
        }
        self.bytes += line.len();
        self.lines.push_back(line.to_vec());
    }
}

impl LogWriter {
    /// Starts the thread that writes lines to `sink`. After a gap, `tell_dropped` logs how many lines are missing.
    pub(crate) fn start(
        mut sink: impl Write + Send + 'static,
        tell_dropped: impl Fn(u64) + Send + 'static,
    ) -> io::Result<Self> {
        let writer = Self { shared: Arc::default() };
        let own = writer.clone();
        std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            loop {
                let (line, dropped) = own.take();
                // A reader that has gone away must not end a run in the middle of writing: the line is lost.
                let _ = sink.write_all(&line);
                if dropped > 0 {
                    tell_dropped(dropped);
                }
                own.lock().is_writing = false;
                own.shared.changed.notify_all();
            }
        })?;
        Ok(writer)
    }

    /// Waits until all lines are written, or for a short time where their reader has stalled.
    pub(crate) fn finish(&self) {
        let queue = self.lock();
        let is_busy = |queue: &mut Queue| queue.is_writing || !queue.lines.is_empty();
        drop(self.shared.changed.wait_timeout_while(queue, LAST_WAIT, is_busy));
    }

    /// The next line, and how many were dropped since the last one.
    fn take(&self) -> (Vec<u8>, u64) {
        let mut queue = self.lock();
        loop {
            if let Some(line) = queue.lines.pop_front() {
                queue.bytes -= line.len();
                queue.is_writing = true;
                return (line, std::mem::take(&mut queue.dropped));
            }
            queue = self.shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lock().push(line);
        self.shared.changed.notify_all();
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A sink whose reader takes a line only when it is told to.
    struct Slow {
        turns: Receiver<()>,
        written: Sender<Vec<u8>>,
    }

    impl Write for Slow {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            self.turns.recv().map_err(gone)?;
            self.written.send(line.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stalls_costs_lines_and_nothing_else_and_the_log_says_how_many() {
        let (turn, turns) = channel();
        let (written, lines) = channel();
        let (told, dropped) = channel();
        let mut writer =
            LogWriter::start(Slow { turns, written }, move |count| told.send(count).unwrap()).unwrap();
        let long = vec![b'x'; MOST_BYTES / 4];
        // One line is being written, four wait, and the rest has no room.
        writer.write_all(b"first").unwrap();
        while !writer.lock().is_writing {
            std::thread::yield_now();
        }
        for _ in 0..10 {
            writer.write_all(&long).unwrap();
        }
        for _ in 0..5 {
            turn.send(()).unwrap();
        }
        assert_eq!(lines.recv().unwrap(), b"first");
        assert!((0..4).all(|_| lines.recv().unwrap() == long));
        assert_eq!(dropped.recv().unwrap(), 6);
        writer.finish();
        writer.write_all(b"last").unwrap();
        turn.send(()).unwrap();
        assert_eq!(lines.recv().unwrap(), b"last");
        assert!(dropped.try_recv().is_err(), "told once");
    }

    #[test]
    fn the_end_does_not_wait_for_a_reader_that_stalls() {
        let (_turn, turns) = channel();
        let (written, _lines) = channel();
        let mut writer = LogWriter::start(Slow { turns, written }, |_| {}).unwrap();
        writer.write_all(b"line").unwrap();
        let (end, ended) = channel();
        std::thread::spawn(move || {
            writer.finish();
            end.send(())
        });
        ended.recv_timeout(LAST_WAIT * 10).expect("it ends");
    }
}
