//! The record of the requests that `init` makes before anything is written.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use messages::Text;
use state::StateUrl;
use sync::ports::Store;
use tempfile::{NamedTempFile, TempDir};

use crate::config::Settings;
use crate::error::Failure;
use crate::wiring;

/// The state database. If there is none yet, its content stays in memory until the user agrees: after a refusal, or
/// Ctrl-C at a question, nothing is left on disk. After agreement the requests made here count toward Wix's limit.
pub(super) struct Record {
    place: StateUrl,
    /// `None` where the database was there before.
    content: Option<Vec<u8>>,
}

/// A record that takes requests.
pub(super) struct OpenRecord<'a> {
    record: &'a mut Record,
    pub(super) state: Arc<dyn Store>,
    /// Where the content lies for as long as it takes requests.
    folder: Option<TempDir>,
}

impl Record {
    pub(super) fn of(settings: &Settings) -> Result<Self, Failure> {
        let place = wiring::state_url(settings)?.clone();
        let content = place.file().is_some_and(|file| !file.exists()).then(Vec::new);
        Ok(Self { place, content })
    }

    pub(super) async fn open(&mut self) -> Result<OpenRecord<'_>, Failure> {
        let Some(content) = &self.content else {
            let state = state::open(&self.place).await?;
            return Ok(OpenRecord { record: self, state, folder: None });
        };
        let folder = tempfile::tempdir().map_err(|error| failure(&std::env::temp_dir(), &error))?;
        let file = file_in(&folder);
        std::fs::write(&file, content).map_err(|error| failure(&file, &error))?;
        let state = state::open(&StateUrl::in_file(file)).await?;
        Ok(OpenRecord { record: self, state, folder: Some(folder) })
    }

    /// Makes the state database with what was recorded. One that came up meanwhile stays as it is.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let (Some(content), Some(place)) = (self.content, self.place.file()) else { return Ok(()) };
        let folder = place.parent().unwrap_or(Path::new("."));
        let kept = std::fs::create_dir_all(folder).and_then(|()| {
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&content)?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(place) {
                Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.error),
                _ => Ok(()),
            }
        });
        kept.map_err(|error| failure(place, &error))
    }
}

impl OpenRecord<'_> {
    /// Takes no more requests; keeps what was recorded.
    pub(super) async fn close(self) -> Result<(), Failure> {
        self.state.close().await;
        if let Some(folder) = self.folder {
            let file = file_in(&folder);
            let content = std::fs::read(&file).map_err(|error| failure(&file, &error))?;
            self.record.content = Some(content);
        }
        Ok(())
    }
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("state.db")
}

fn failure(file: &Path, error: &std::io::Error) -> Failure {
    let detail = format!("{}: {error}", file.display());
    Failure::failed(Text::new("error-state").with("detail", detail))
}
