//! A note for each site: which state databases this user's commands have used for it.
//!
//! Two state databases do not know of each other. A pause in one does not stop a service that uses the other, a token of
//! one is refused by the other, and runs under one lease do not wait for those under the other. So a second one is told.

use std::io;
use std::path::{Path, PathBuf};

use messages::Text;
use state::StateUrl;
use tempfile::NamedTempFile;

use crate::config::ShopSettings;
use crate::context::Context;
use crate::output::Output;

/// Notes that this command uses its state database for the site of `shop`, and warns of each other one that is noted and
/// still there.
pub(crate) fn check(context: &Context, shop: &ShopSettings) {
    let Some(state) = &context.settings.state.value else { return };
    let Some(note) = note_of(context, shop) else { return };
    let mut known = read(&note);
    known.retain(|other| other != state && is_there(other));
    let (m, site) = (context.messages, shop.address().unwrap_or_default());
    for other in &known {
        let text = Text::new("state-second").with("site", site).with("other", other).with("state", state);
        Output::warning(m, &text);
        if let Some(hint) = m.hint(&text) {
            Output::hint(m, &hint);
        }
    }
    known.insert(0, state.clone());
    // A service may have no home folder; the note is a help, and no run depends on it.
    if let Err(error) = write(&note, &known) {
        tracing::debug!(%error, note = %note.display(), "the note of state databases cannot be written");
    }
}

/// The note's file, by the site and the address of Wix.
fn note_of(context: &Context, shop: &ShopSettings) -> Option<PathBuf> {
    let site = shop.address()?.to_ascii_lowercase();
    let address = shop.base_url.value.origin().ascii_serialization();
    let name = server::digest(format!("{site} {address}").as_bytes());
    Some(context.environment.state_folder()?.join("sites").join(name.get(..16)?))
}

/// One URL a line. A note that cannot be read is empty.
fn read(note: &Path) -> Vec<StateUrl> {
    let text = std::fs::read_to_string(note).unwrap_or_default();
    text.lines().filter_map(|line| StateUrl::parse(line, Path::new("/")).ok()).collect()
}

fn write(note: &Path, known: &[StateUrl]) -> io::Result<()> {
    let folder = note.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder)?;
    let lines: Vec<String> = known.iter().map(ToString::to_string).collect();
    let draft = NamedTempFile::new_in(folder)?;
    std::fs::write(draft.path(), lines.join("\n"))?;
    draft.persist(note)?;
    Ok(())
}

/// Whether the database still exists. One that is no file on this machine counts as existing.
fn is_there(url: &StateUrl) -> bool {
    url.file().is_none_or(Path::exists)
}
