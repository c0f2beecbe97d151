//! Secrets that stand in a file of their own.

use std::path::Path;

use messages::Text;

use crate::error::Failure;
use crate::text_file;

/// The content of a secret's file, without the line end that editors add.
pub(crate) fn read_secret(file: &Path, setting: &str) -> Result<String, Failure> {
    let content = text_file::read(file).map_err(|error| {
        let text = Text::new("config-secret-file").with("setting", setting).with("file", file.display());
        Failure::usage(text.with("detail", error))
    })?;
    let secret = content.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        let text = Text::new("config-secret-empty").with("setting", setting).with("file", file.display());
        return Err(Failure::usage(text));
    }
    Ok(secret.to_owned())
}
