//! The arguments of `init`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, Command, value_parser};
use messages::Messages;

use super::json;

pub(super) fn command(m: Messages) -> Command {
    Command::new("init")
        .about(m.get("cli-init"))
        .arg(
            Arg::new("api-key-file")
                .long("api-key-file")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-init-api-key-file")),
        )
        .arg(text("site-id", "ID").help(m.get("cli-init-site-id")))
        .arg(text("base-url", "URL").help(m.get("cli-init-base-url")))
        .arg(text("database", "DATABASE").help(m.get("cli-init-database")))
        .arg(text("query", "SELECT").help(m.get("cli-init-query")))
        .arg(text("warehouse", "NAME").action(ArgAction::Append).help(m.get("cli-init-warehouse")))
        .arg(switch("offline").help(m.get("cli-init-offline")))
        .arg(switch("force").help(m.get("cli-init-force")))
        .arg(switch("yes").short('y').help(m.get("cli-init-yes")))
        .arg(json(m))
}

fn text(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).value_parser(NonEmptyStringValueParser::new())
}

fn switch(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}
