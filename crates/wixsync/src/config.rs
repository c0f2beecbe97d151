//! The settings: `wixsync.toml`, then the environment, then flags; each value knows where it comes from.

mod database;
mod example;
mod layers;
mod load;
mod service;
mod settings;
mod shops;
mod show;
mod values;

pub(crate) use database::warehouse_url;
pub(crate) use example::Example;
pub(crate) use layers::read_secret;
pub(crate) use load::{FILE, File, load, locale, unknown_variables};
pub(crate) use service::ServiceSettings;
pub(crate) use settings::{LogFormat, Settings};
pub(crate) use shops::ShopSettings;
pub(crate) use show::{Row, rows};

use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nobody set it.
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
