//! `config check`: whether the settings are whole and fit together. Nobody is asked; `doctor` does that.

use std::path::Path;

use messages::{ErrorCode, Messages, Text};
use serde_json::{Value, json};

use crate::cli::Context;
use crate::config::Settings;
use crate::error::{Failure, USAGE};
use crate::output::{Output, Told};
use crate::wiring;

pub(super) fn run(context: &Context) -> u8 {
    let (m, settings) = (context.messages, &context.settings);
    let (problems, remarks) = (problems(settings), remarks(settings));
    if context.output.json {
        Output::print(&json!({
            "status": if problems.is_empty() { "ok" } else { "error" },
            "file": settings.file,
            "problems": problems.iter().map(|found| entry(m, &found.text)).collect::<Vec<_>>(),
            "remarks": remarks.iter().map(|found| entry(m, found)).collect::<Vec<_>>(),
        }));
    }
    for found in &problems {
        Output::error(m, &Told::of(m, &found.text));
    }
    for found in &remarks {
        Output::warning(m, found);
        if let Some(hint) = m.hint(found) {
            Output::hint(m, &hint);
        }
    }
    if problems.is_empty() {
        let text = match &settings.file {
            Some(file) => Text::new("check-well").with("file", file.display()),
            None => Text::new("check-well-without-file"),
        };
        context.output.text(&m.say(&text));
    }
    if problems.is_empty() { 0 } else { USAGE }
}

fn entry(m: Messages, found: &Text) -> Value {
    let code = ErrorCode::of(found.id()).map(ToString::to_string);
    json!({"error_code": code, "message": m.say(found), "hint": m.hint(found)})
}

/// What keeps a run from starting.
fn problems(settings: &Settings) -> Vec<Failure> {
    let mut found = Vec::new();
    found.extend(wiring::open_warehouse(settings).err());
    found.extend(wiring::state_url(settings).err());
    for shop in &settings.shops {
        found.extend(shop.credentials().err());
        found.extend(settings.service.schedule_of(shop).err());
    }
    found
}

/// What is worth a look.
fn remarks(settings: &Settings) -> Vec<Text> {
    let missing =
        settings.warehouse.value.as_ref().filter(|url| url.file().is_some_and(|file| !file.exists()));
    let missing = missing.map(|url| Text::new("check-no-warehouse").with("database", url));
    let keys = settings.shops.iter().filter_map(|shop| shop.key_kept_in.as_deref());
    let open = keys.filter(|file| others_may_read(file));
    let open = open.map(|file| Text::new("check-open-key").with("file", file.display()));
    missing.into_iter().chain(open).collect()
}

/// Whether other users of this machine may read a file.
#[cfg(unix)]
pub(super) fn others_may_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Whether other users of this machine may read a file: not known here.
#[cfg(not(unix))]
pub(super) fn others_may_read(_file: &Path) -> bool {
    false
}
