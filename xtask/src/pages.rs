//! What a program makes for the pages: the picture of the flow, and the output of the demo in the READMEs.
//!
//! The picture of a plan is not here: it is a snapshot of the program's own tests, as it is made from real output.

mod demo;
mod flow;
mod svg;

use std::fs;

use anyhow::{Context, bail};

use crate::steps::{root, say};

/// The languages of the pages, each with its README and the command whose output that shows.
const LANGUAGES: [(Lang, &str, &str); 2] =
    [(Lang::En, "README.md", "wixsync demo"), (Lang::Ru, "README.ru.md", "wixsync demo --lang ru")];

#[derive(clap::Args)]
pub(crate) struct PagesArgs {
    /// Write nothing; fail if something is out of step.
    #[arg(long)]
    check: bool,
}

/// A language of the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lang {
    En,
    Ru,
}

impl Lang {
    fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

/// A file of the workspace, as it should be.
struct Page {
    path: String,
    text: String,
}

pub(crate) fn run(args: &PagesArgs) -> anyhow::Result<()> {
    let mut differing = Vec::new();
    for Page { path, text } in made()? {
        let file = root().join(&path);
        if fs::read_to_string(&file).is_ok_and(|there| there == text) {
            continue;
        }
        if !args.check {
            fs::write(&file, text).with_context(|| format!("cannot write {path}"))?;
            say(&format!("made {path}"));
        }
        differing.push(path);
    }
    if args.check && !differing.is_empty() {
        bail!("out of step: {}. `cargo xtask pages` makes them anew", differing.join(", "));
    }
    Ok(())
}

fn made() -> anyhow::Result<Vec<Page>> {
    let mut pages = Vec::new();
    for (lang, readme, command) in LANGUAGES {
        pages.push(Page {
            path: format!("docs/pictures/flow_{}.svg", lang.code()),
            text: flow::picture(lang),
        });
        let snapshot =
            format!("crates/wixsync/tests/it/screens/snapshots/demo_{}_terminal.snap", lang.code());
        let read =
            |path: &str| fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"));
        let text =
            demo::filled(&read(readme)?, command, &read(&snapshot)?).with_context(|| readme.to_owned())?;
        pages.push(Page { path: readme.to_owned(), text });
    }
    Ok(pages)
}
