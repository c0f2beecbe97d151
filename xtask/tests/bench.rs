//! The bench's child processes: they are measured, keep their exit code and end together with the bench.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

#[test]
fn a_measured_program_keeps_its_exit_code_and_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let usage = folder.path().join("usage");
    // Counts for a moment, so that there is CPU time to measure.
    let work = "n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done; exit 3";
    let status = Command::new(XTASK)
        .args(["bench-child", "--parent", &std::process::id().to_string(), "--usage"])
        .arg(&usage)
        .args(["--", "/bin/sh", "-c", work])
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(3));
    let used: serde_json::Value = serde_json::from_str(&fs::read_to_string(usage).unwrap()).unwrap();
    let of = |figure: &str| used[figure].as_u64().unwrap();
    assert!((1..60_000).contains(&of("wall_ms")), "{used}");
    assert!((1..60_000).contains(&of("cpu_ms")), "{used}");
    assert!((1 << 19..1 << 26).contains(&of("peak_bytes")), "{used}");
}

#[test]
fn a_child_does_not_outlive_the_bench_however_it_ends() {
    for how in ["", "--usage /dev/null"] {
        // The shell plays the bench: it starts a child, prints the program's parent and is killed.
        let script = format!("{XTASK} bench-child --parent $$ {how} -- /bin/sleep 300 & echo $!; wait");
        let mut bench = Command::new("/bin/sh").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut child = String::new();
        BufReader::new(bench.stdout.take().unwrap()).read_line(&mut child).unwrap();
        let child: u32 = child.trim().parse().unwrap();
        // Wait until the child has replaced itself by the program.
        assert!(comes(|| sleepers_under(child).len() == 1), "it does not sleep");
        let sleeper = sleepers_under(child)[0];
        bench.kill().unwrap();
        bench.wait().unwrap();
        assert!(comes(|| !is_alive(child) && !is_alive(sleeper)), "it lives on: {how}");
    }
}

#[test]
fn a_child_whose_bench_is_gone_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let status = Command::new(XTASK)
        .args(["bench-child", "--parent", "1", "--", "/usr/bin/touch"])
        .arg(&trace)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success());
    assert!(!trace.exists());
}

/// Whether a condition becomes true soon.
fn comes(there: impl Fn() -> bool) -> bool {
    (0..1_000).any(|_| {
        sleep(Duration::from_millis(10));
        there()
    })
}

fn is_alive(process: u32) -> bool {
    status(process).is_some_and(|(_, state, _)| state != "Z")
}

/// Name, state and parent of a process.
fn status(process: u32) -> Option<(String, String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    Some((name.to_owned(), fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// Processes named `sleep` that are `process` or a child of it.
fn sleepers_under(process: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_one = |found: &u32| {
        status(*found)
            .is_some_and(|(name, _, parent)| name == "sleep" && (*found == process || parent == process))
    };
    all.filter(is_one).collect()
}
