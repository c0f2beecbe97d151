//! The settings: `wixsync.toml`, then the environment, then flags; each value knows where it comes from.

mod database;
mod declare;
#[cfg(test)]
mod docs;
mod example;
mod file;
mod imports;
mod input;
mod layers;
mod load;
mod loopback;
mod owners;
mod proxy;
mod saved;
mod secret;
mod setting;
mod shops;
mod show;
mod table;
mod values;

pub(crate) use database::warehouse_url;
pub(crate) use example::Example;
pub(crate) use file::FILE;
pub(crate) use imports::{ImportProfile, WatchedFolder, is_profile_name, names as profile_names};
pub(crate) use load::{File, load, unknown_variables};
pub(crate) use owners::others_may_read;
pub(crate) use saved::{Changes, SavedConfig, write};
pub(crate) use secret::read_secret;
pub(crate) use setting::Check;
pub(crate) use show::{Row, rows, set_by_environment};
pub(crate) use table::{Settings, ShopSettings, checks};
pub(crate) use values::{LogFormat, delimiter, locale};

use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Not set: the default applies.
    Default,
    /// `wixsync.toml`.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(&'static str),
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}
