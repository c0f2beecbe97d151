//! `config check`: whether the settings are complete and fit together. It asks no shop and no database; `doctor` does.

use std::path::Path;

use messages::{ErrorCode, Messages, Text};
use serde_json::{Value, json};

use crate::config::{self, Check, Settings, ShopSettings};
use crate::context::Context;
use crate::error::{Failure, USAGE};
use crate::output::shell::shell_word;
use crate::output::{Diagnostic, Output};
use crate::wiring;

pub(super) fn run(context: &Context) -> u8 {
    let (m, settings) = (context.messages, &context.settings);
    let Findings { problems, remarks } = Findings::of(settings);
    if context.output.json {
        Output::print(&json!({
            "status": if problems.is_empty() { "ok" } else { "error" },
            "file": settings.file,
            "problems": problems.iter().map(|found| entry(m, &found.text)).collect::<Vec<_>>(),
            "remarks": remarks.iter().map(|found| entry(m, found)).collect::<Vec<_>>(),
        }));
    }
    for found in &problems {
        Output::error(m, &Diagnostic::of(m, &found.text));
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

/// What was found, in the order of the settings.
#[derive(Default)]
struct Findings {
    /// What keeps a run from starting.
    problems: Vec<Failure>,
    /// What is worth a look.
    remarks: Vec<Text>,
}

impl Findings {
    fn of(settings: &Settings) -> Self {
        let (once, of_shop) = config::checks();
        let mut found = Self::default();
        for check in once {
            found.check(check, settings, None);
        }
        for shop in &settings.shops {
            for check in &of_shop {
                found.check(*check, settings, Some(shop));
            }
        }
        found
    }

    fn check(&mut self, check: Check, settings: &Settings, shop: Option<&ShopSettings>) {
        match (check, shop) {
            (Check::Warehouse, _) => {
                self.problems.extend(wiring::open_warehouse(settings).err());
                let missing = wiring::missing_warehouse(settings);
                let text = |url| Text::new("check-no-warehouse").with("database", url);
                self.remarks.extend(missing.map(text));
            }
            (Check::State, _) => self.problems.extend(wiring::state_url(settings).err()),
            (Check::Credentials, Some(shop)) => {
                self.problems.extend(shop.credentials().err());
                let open = shop.secrets_kept_in.iter().filter(|file| config::others_may_read(file));
                self.remarks.extend(open.map(|file| open_key(file)));
            }
            (Check::Schedule, Some(shop)) => {
                self.problems.extend(settings.service.schedule_of(shop).err());
            }
            (Check::Credentials | Check::Schedule, None) => {}
        }
    }
}

/// The remark that other users may read a file with a key.
pub(crate) fn open_key(file: &Path) -> Text {
    let word = shell_word(&file.display().to_string());
    Text::new("check-open-key").with("file", file.display()).with("word", word)
}
