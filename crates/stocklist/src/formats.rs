//! Reads files of each format into a table. Nothing here decides what a column or a line means.

pub(crate) mod archive;
pub(crate) mod dbf;
pub(crate) mod decoding;
pub(crate) mod delimited;
pub(crate) mod face;
pub(crate) mod json;
pub(crate) mod kind;
pub(crate) mod marks;
pub(crate) mod quoting;
pub(crate) mod spreadsheet;
pub(crate) mod tags;
pub(crate) mod unzipped;
