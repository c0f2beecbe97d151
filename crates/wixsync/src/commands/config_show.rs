//! `config show`: each setting with its value and where it comes from. `config example`: a file of them all.

use serde_json::json;

use crate::config::{self, Example, Origin};
use crate::context::Context;
use crate::output::{Output, table};

pub(super) fn run(context: &Context) -> u8 {
    let messages = context.messages;
    let rows = config::rows(&context.settings);
    if context.output.json {
        Output::print(&json!({"file": context.settings.file, "settings": rows}));
        return 0;
    }
    let headings = ["show-setting", "show-value", "show-origin"];
    let headings: Vec<String> = headings.iter().map(|id| messages.get(id)).collect();
    let mut lines = table::table(&headings);
    for row in rows {
        let origin = match row.origin {
            Origin::Default => messages.get("show-default"),
            Origin::File(path) => path.display().to_string(),
            Origin::Environment(name) => name,
            Origin::Flag(flag) => flag.to_owned(),
        };
        lines.add_row([row.name, row.value.unwrap_or_else(|| "-".to_owned()), origin]);
    }
    // Users look for names, so these stay whole. Values and files wrap if there is no room.
    table::keep_whole(&mut lines, [0]);
    context.output.text(&table::lines(&lines));
    0
}

pub(super) fn example(context: &Context) -> u8 {
    let text = Example::default().text(context.messages);
    if context.output.json {
        Output::print(&json!({"example": text}));
    } else {
        Output::raw(text.as_bytes());
    }
    0
}
