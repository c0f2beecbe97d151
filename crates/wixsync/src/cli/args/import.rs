//! The arguments of `import`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use messages::{Messages, Text};
use stocklist::{DecimalMark, Encoding, Field, Mapping, QuantityWord};

use super::{not_empty, number};
use crate::config::{delimiter as delimiter_of, is_profile_name};

pub(super) fn command(m: Messages) -> Command {
    Command::new("import")
        .about(m.get("cli-import"))
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required_unless_present("watch")
                .action(ArgAction::Append)
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-import-file")),
        )
        .arg(switch("replace", m.get("cli-import-replace")).conflicts_with("merge"))
        .arg(switch("merge", m.get("cli-import-merge")))
        .arg(
            Arg::new("warehouse")
                .long("warehouse")
                .value_name("NAME")
                .value_parser(move |text: &str| not_empty(m, text))
                .help(m.get("cli-import-warehouse")),
        )
        .args(profiles(m))
        .args(how_to_read(m))
        .args(how_to_count(m))
        .arg(
            Arg::new("errors")
                .long("errors")
                .value_name("N")
                .default_value("20")
                .value_parser(number(m, 1..=1_000u16))
                .help(m.get("cli-import-errors")),
        )
        .arg(switch("dry-run", m.get("cli-import-dry-run")))
}

/// Saved options, and lists that come by themselves.
fn profiles(m: Messages) -> [Arg; 3] {
    let name = |arg: Arg| {
        let valid = move |text: &str| {
            let is_valid = is_profile_name(text);
            if is_valid { Ok(text.to_owned()) } else { Err(expected(m, "main, 1c-main, supplier_2")) }
        };
        arg.value_name("NAME").value_parser(valid)
    };
    [
        name(Arg::new("profile").long("profile")).help(m.get("cli-import-profile")),
        name(Arg::new("save-profile").long("save-profile")).help(m.get("cli-import-save-profile")),
        Arg::new("watch")
            .long("watch")
            .value_name("FOLDER")
            .conflicts_with_all(["file", "save-profile", "dry-run"])
            .value_parser(move |text: &str| not_empty(m, text))
            .help(m.get("cli-import-watch")),
    ]
}

/// How to read the file.
fn how_to_read(m: Messages) -> [Arg; 6] {
    [
        Arg::new("column")
            .long("column")
            .value_name("FIELD=COLUMN")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| mapping(m, text))
            .help(m.get("cli-import-column")),
        switch("no-headings", m.get("cli-import-no-headings")),
        Arg::new("encoding")
            .long("encoding")
            .value_name("NAME")
            .value_parser(move |text: &str| encoding(m, text))
            .help(m.get("cli-import-encoding")),
        Arg::new("delimiter")
            .long("delimiter")
            .value_name("C")
            .value_parser(move |text: &str| delimiter(m, text))
            .help(m.get("cli-import-delimiter")),
        Arg::new("decimal")
            .long("decimal")
            .value_name("MARK")
            .value_parser(move |text: &str| decimal(m, text))
            .help(m.get("cli-import-decimal")),
        Arg::new("sheet").long("sheet").value_name("NAME").help(m.get("cli-import-sheet")),
    ]
}

/// What the quantities are, and which lines count.
fn how_to_count(m: Messages) -> [Arg; 8] {
    [
        Arg::new("quantity-words")
            .long("quantity-words")
            .value_name("WORD=N,…")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| {
                QuantityWord::parse_all(text).ok_or_else(|| expected(m, "yes=5,>50=50,no=0,on request=keep"))
            })
            .help(m.get("cli-import-quantity-words")),
        switch("strip-units", m.get("cli-import-strip-units")),
        Arg::new("subtract")
            .long("subtract")
            .value_name("reserved=COLUMN")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| {
                Mapping::parse_reserved(text)
                    .ok_or_else(|| expected(m, "reserved=D, reserved[North]=Reserve"))
            })
            .help(m.get("cli-import-subtract")),
        switch("sum", m.get("cli-import-sum")),
        switch("empty-as-zero", m.get("cli-import-empty-as-zero")),
        switch("skip-without-sku", m.get("cli-import-skip-without-sku")),
        switch("skip-hidden", m.get("cli-import-skip-hidden")),
        switch("ignore-total", m.get("cli-import-ignore-total")),
    ]
}

fn switch(name: &'static str, help: String) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn mapping(m: Messages, text: &str) -> Result<Mapping, String> {
    Mapping::parse(text).ok_or_else(|| {
        let fields: Vec<&str> = Field::ALL.iter().map(|field| field.code()).collect();
        m.say(&Text::new("usage-mapping").with("fields", fields.join(", ")))
    })
}

fn encoding(m: Messages, text: &str) -> Result<Encoding, String> {
    let examples = "utf-8, windows-1251, cp866, koi8-r, utf-16le, …";
    Encoding::named(text).ok_or_else(|| expected(m, examples))
}

/// One ASCII character that is no part of a cell; `tab` and `\t` for a tab.
fn delimiter(m: Messages, text: &str) -> Result<u8, String> {
    delimiter_of(text).ok_or_else(|| expected(m, "; , | tab"))
}

fn decimal(m: Messages, text: &str) -> Result<DecimalMark, String> {
    DecimalMark::named(text).ok_or_else(|| expected(m, "comma, point"))
}

fn expected(m: Messages, examples: &str) -> String {
    m.say(&Text::new("usage-expected").with("examples", examples))
}
