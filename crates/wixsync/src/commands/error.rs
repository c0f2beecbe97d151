//! `error [CODE]`: the page of an error code, or a list of all codes.

use clap::ArgMatches;
use messages::{ErrorCode, Text, errors};
use serde_json::{Value, json};

use super::option;
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Output, table};

pub(super) fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let lang = context.messages.lang();
    let Some(text) = option(args, "code") else {
        list(context);
        return Ok(0);
    };
    let code: &ErrorCode = text
        .trim()
        .parse()
        .map_err(|_| Failure::usage(Text::new("error-code-unknown").with("code", text)))?;
    if context.output.json {
        let page = code.page(lang);
        Output::print(&json!({"code": code.to_string(), "title": code.title(lang), "page": page}));
    } else {
        context.output.text(code.page(lang));
    }
    Ok(0)
}

fn list(context: &Context) {
    let lang = context.messages.lang();
    if context.output.json {
        let entry = |code: &ErrorCode| json!({"code": code.to_string(), "title": code.title(lang)});
        Output::print(&json!({"codes": errors::ALL.iter().map(entry).collect::<Vec<Value>>()}));
        return;
    }
    let mut rows = table::table(&[]);
    for code in errors::ALL {
        rows.add_row([code.to_string(), code.title(lang).to_owned()]);
    }
    context.output.text(&table::lines(&rows));
}
