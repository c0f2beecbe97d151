//! The help of every command.

use testkit::{COLUMNS, Program};

use super::shown::{LANGS, assert_shown, plain};
use crate::support::program;

/// The commands below this one, by its help: the block whose heading is `heading`.
fn commands_of(help: &str, heading: &str) -> Vec<String> {
    let block = help.lines().skip_while(|line| *line != heading).skip(1);
    let lines = block.take_while(|line| line.starts_with(' '));
    // A line that goes on from the one above begins further to the right.
    let named = lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    named.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The help of a command and of all below it, each under the words that ask for it.
async fn helps(program: &Program, heading: &str) -> Vec<(String, String)> {
    let mut due = vec![Vec::<String>::new()];
    let mut helps = Vec::new();
    while let Some(path) = due.pop() {
        let words: Vec<String> = path.iter().cloned().chain(["--help".to_owned()]).collect();
        let seen = program.run_at_terminal(&words).await.ends(0);
        let help = plain(&seen.stdout);
        assert_eq!(help, program.run(&words).await.ends(0).stdout, "{words:?} without a terminal");
        assert_eq!(seen.stderr.trim(), "");
        for inner in commands_of(&help, heading).into_iter().rev() {
            due.push(path.iter().cloned().chain([inner]).collect());
        }
        helps.push((words.join(" "), help));
    }
    helps
}

#[tokio::test(flavor = "multi_thread")]
async fn help_of_every_command() {
    for (lang, heading) in LANGS.into_iter().zip(["Commands:", "Команды:"]) {
        let columns = COLUMNS.get();
        let program = program().set("WIXSYNC_LANG", lang).set("COLUMNS", columns.to_string());
        let helps = helps(&program, heading).await;
        for command in ["sync", "plan", "config check", "token create", "completions"] {
            let words = format!("{command} --help");
            assert!(helps.iter().any(|(asked, _)| *asked == words), "{words} is not among them");
        }
        for (words, help) in &helps {
            for line in help.lines() {
                let width = line.chars().count();
                assert!(width <= usize::from(columns), "{words}: {width} columns: {line}");
            }
        }
        let pages = helps.iter().map(|(words, help)| format!("$ wixsync {words}\n{help}"));
        assert_shown(&format!("help_{lang}"), &pages.collect::<Vec<_>>().join("\n"));
    }
}
