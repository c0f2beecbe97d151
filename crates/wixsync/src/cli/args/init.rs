//! The arguments of `init`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use messages::Messages;

use super::not_empty;

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
        .arg(text(m, "site-id", "ID").help(m.get("cli-init-site-id")))
        .arg(text(m, "app-id", "ID").help(m.get("cli-init-app-id")))
        .arg(
            Arg::new("app-secret-file")
                .long("app-secret-file")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-init-app-secret-file")),
        )
        .arg(text(m, "instance-id", "ID").help(m.get("cli-init-instance-id")))
        .arg(text(m, "base-url", "URL").help(m.get("cli-init-base-url")))
        .arg(text(m, "database", "DATABASE").help(m.get("cli-init-database")))
        .arg(text(m, "query", "SELECT").help(m.get("cli-init-query")))
        .arg(text(m, "warehouse", "NAME").action(ArgAction::Append).help(m.get("cli-init-warehouse")))
        .arg(switch("offline").help(m.get("cli-init-offline")))
        .arg(switch("force").help(m.get("cli-init-force")))
        .arg(switch("yes").short('y').help(m.get("cli-init-yes")))
}

fn text(m: Messages, name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).value_parser(move |text: &str| not_empty(m, text))
}

fn switch(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}
