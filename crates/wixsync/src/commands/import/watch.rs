//! `import --watch FOLDER`: takes each new whole file of a folder until it is stopped.

use std::path::Path;

use clap::ArgMatches;
use messages::Text;
use sync::ports::Clock;

use crate::clock::{WallClock, steady};
use crate::config::WatchedFolder;
use crate::context::Context;
use crate::error::Failure;
use crate::importing::inbox::{Inbox, LOOK};
use crate::importing::take::{ListFile, Taken, database, take};
use crate::output::{Output, import};
use crate::signals::stop_on_signal;

pub(super) async fn run(context: &Context, args: &ArgMatches, watched: &str) -> Result<u8, Failure> {
    let m = context.messages;
    let Some(watched) = WatchedFolder::of(watched, Path::new(".")) else {
        let text = Text::new("import-folder").with("folder", watched).with("detail", "*");
        return Err(Failure::usage(text));
    };
    database(&context.settings).await?;
    let mut inbox = Inbox::new(watched);
    let stop = stop_on_signal(|| {});
    inbox.look(steady()).map_err(|error| no_folder(&inbox, &error))?;
    Output::aside(&m.say(&Text::new("import-watching").with("folder", inbox.folder().display())));
    while !stop.is_cancelled() {
        for file in inbox.look(steady()).map_err(|error| no_folder(&inbox, &error))? {
            take_one(context, args, &mut inbox, &file).await?;
        }
        let until = WallClock.now().saturating_add(i64::try_from(LOOK.as_millis()).unwrap_or(i64::MAX));
        tokio::select! {
            () = stop.cancelled() => {}
            () = WallClock.sleep_until(until) => {}
        }
    }
    Ok(0)
}

async fn take_one(
    context: &Context,
    args: &ArgMatches,
    inbox: &mut Inbox,
    file: &Path,
) -> Result<(), Failure> {
    let m = context.messages;
    let taken = match ListFile::read(file) {
        Ok(list) => take(&context.settings, args, &[list], &mut |_, _| {}).await?,
        Err(failure) => Taken::Unusable(failure),
    };
    super::tell(context, &taken, &file.display().to_string(), usize::MAX);
    let reason = import::reason(m, &taken, &file.display().to_string());
    match inbox.put_away(file, reason.as_deref()) {
        Ok(place) => {
            let text = Text::new("import-moved").with("file", file.display()).with("place", place.display());
            Output::aside(&m.say(&text));
        }
        Err(error) => Output::warning(
            m,
            &Text::new("import-not-moved").with("file", file.display()).with("detail", error),
        ),
    }
    Ok(())
}

fn no_folder(inbox: &Inbox, error: &std::io::Error) -> Failure {
    Failure::usage(Text::new("import-folder").with("folder", inbox.folder().display()).with("detail", error))
}
