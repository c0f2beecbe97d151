//! `import FILE`: a stock list becomes the content of the embedded warehouse.

mod watch;

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use domain::Outcome;
use messages::Text;

use super::option;
use crate::context::Context;
use crate::error::{FAILED, Failure, USAGE};
use crate::importing::choice;
use crate::importing::take::{ListFile, Taken, take};
use crate::output::{self, Output, import, refusal};

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let choice = choice::of_command(&context.settings, args)?;
    let chosen = choice.matches(context.messages, args.get_flag("dry-run"))?;
    if let Some(folder) = option(args, "watch") {
        return watch::run(context, &chosen, folder).await;
    }
    let paths: Vec<&Path> =
        args.get_many::<PathBuf>("file").into_iter().flatten().map(PathBuf::as_path).collect();
    let name = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let files = paths.into_iter().map(ListFile::read).collect::<Result<Vec<_>, _>>()?;
    let bar = output::bar(&context.bars, context.messages, "progress-importing", 0);
    let mut progress = |done: usize, of: usize| {
        bar.set_length(output::count(of));
        bar.set_position(output::count(done));
    };
    let taken = take(&context.settings, &chosen, &files, &mut progress).await;
    bar.finish_and_clear();
    let taken = taken?;
    let shown = args.get_one::<u16>("errors").copied().map_or(20, usize::from);
    let code = tell(context, &taken, &name, shown);
    if let (Taken::Imported(_), Some(profile)) = (&taken, option(args, "save-profile")) {
        let saved_in = choice::save(&context.settings, context.messages, profile, &choice)?;
        let text = Text::new("import-profile-saved").with("name", profile).with("file", saved_in);
        Output::hint(context.messages, &context.messages.say(&text));
    }
    Ok(code)
}

/// Tells what became of a list; gives the exit code.
fn tell(context: &Context, taken: &Taken, name: &str, shown: usize) -> u8 {
    match taken {
        Taken::Imported(done) => {
            import::tell(context, done);
            0
        }
        Taken::Held(done, part) => {
            import::tell_held(context, done, *part);
            Outcome::HeldByGuard.exit_code()
        }
        Taken::Refused(refused) => {
            refusal::tell(context, name, refused, shown);
            FAILED
        }
        Taken::Unusable(failure) => {
            context.output.failure(context.messages, failure);
            USAGE
        }
    }
}
