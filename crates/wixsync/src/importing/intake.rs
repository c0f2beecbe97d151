//! Stock lists that the service takes by itself: new files in watched folders, and lists at web addresses.

use std::time::Duration;

use async_trait::async_trait;
use clap::ArgMatches;
use messages::{Messages, Text};
use server::{ListIntake, Looked};
use tokio::sync::Mutex;

use super::address::{Address, Answer};
use super::choice::Choice;
use super::inbox::{Inbox, LOOK};
use super::take::{ListFile, Taken, database, take};
use crate::clock::steady;
use crate::config::{ImportProfile, Settings};
use crate::error::Failure;
use crate::output::{Diagnostic, import};

/// The pause after a failure that the next look would meet again.
const AFTER_FAILURE: Duration = Duration::from_secs(15);

/// The profiles that take lists by themselves.
pub(crate) struct Intake {
    settings: Settings,
    messages: Messages,
    sources: Mutex<Vec<Source>>,
}

/// A profile, and where its lists come from.
struct Source {
    name: String,
    args: ArgMatches,
    inbox: Option<Inbox>,
    address: Option<Asked>,
}

struct Asked {
    address: Address,
    /// The address as messages show it.
    shown: String,
    every: Duration,
    due: Duration,
}

/// What one look did.
#[derive(Debug, Default)]
struct Look {
    imported: u64,
    refused: u64,
    errors: Vec<String>,
    /// Whether something failed that would fail again at once.
    is_stuck: bool,
}

impl Intake {
    /// `None` where no profile takes lists by itself.
    pub(crate) async fn open(settings: &Settings, messages: Messages) -> Result<Option<Self>, Failure> {
        let automatic: Vec<&ImportProfile> =
            settings.profiles.iter().filter(|profile| profile.is_automatic()).collect();
        if automatic.is_empty() {
            return Ok(None);
        }
        database(settings).await?;
        let sources = automatic.into_iter().map(|profile| Source::open(settings, messages, profile));
        let sources = Mutex::new(sources.collect::<Result<_, _>>()?);
        Ok(Some(Self { settings: settings.clone(), messages, sources }))
    }
}

impl Source {
    fn open(settings: &Settings, messages: Messages, profile: &ImportProfile) -> Result<Self, Failure> {
        let asked = |url: &url::Url| {
            let address = Address::new(url.clone(), settings.proxy_to(url), settings.http_timeout.value);
            let address =
                address.map_err(|error| Failure::failed(Text::new("error-client").with("detail", error)))?;
            let shown = url.host_str().unwrap_or_default().to_owned();
            Ok::<_, Failure>(Asked { address, shown, every: profile.every.value, due: Duration::ZERO })
        };
        Ok(Self {
            name: profile.name.clone(),
            args: Choice::of(profile).matches(messages, false)?,
            inbox: profile.watch.value.clone().map(Inbox::new),
            address: profile.url.value.as_ref().map(asked).transpose()?,
        })
    }
}

#[async_trait]
impl ListIntake for Intake {
    async fn look(&self) -> Looked {
        let now = steady();
        let mut look = Look::default();
        let mut next = Duration::MAX;
        let mut sources = self.sources.lock().await;
        for source in sources.iter_mut() {
            if let Some(inbox) = &mut source.inbox {
                self.look_into(&source.name, &source.args, inbox, now, &mut look).await;
                next = next.min(LOOK);
            }
            if let Some(asked) = &mut source.address {
                if asked.due <= now {
                    self.ask(&source.name, &source.args, asked, &mut look).await;
                    asked.due = steady() + asked.every;
                }
                next = next.min(asked.due.saturating_sub(now));
            }
        }
        if look.is_stuck {
            next = next.max(AFTER_FAILURE);
        }
        let error = (!look.errors.is_empty()).then(|| look.errors.join("; "));
        Looked { imported: look.imported, refused: look.refused, error, next }
    }
}

impl Intake {
    async fn look_into(
        &self,
        profile: &str,
        args: &ArgMatches,
        inbox: &mut Inbox,
        now: Duration,
        look: &mut Look,
    ) {
        let files = match inbox.look(now) {
            Ok(files) => files,
            Err(error) => {
                let text = Text::new("import-folder").with("folder", inbox.folder().display());
                return look.stuck(self.messages.say(&text.with("detail", error)));
            }
        };
        for file in files {
            let name = file.display().to_string();
            let taken = match ListFile::read(&file) {
                Ok(list) => take(&self.settings, args, &[list], &mut |_, _| {}).await,
                Err(failure) => Ok(Taken::Unusable(failure)),
            };
            let reason = match taken {
                Ok(taken) => self.tell(profile, &name, &taken, look),
                // A warehouse that cannot be written to now says nothing about the list: it is taken later.
                Err(failure) => return look.stuck(self.told(&failure)),
            };
            if let Err(error) = inbox.put_away(&file, reason.as_deref()) {
                let text = Text::new("import-not-moved").with("file", file.display()).with("detail", error);
                look.failed(self.messages.say(&text));
            }
        }
    }

    async fn ask(&self, profile: &str, args: &ArgMatches, asked: &mut Asked, look: &mut Look) {
        match asked.address.ask().await {
            Ok(Answer::Unchanged) => {}
            Ok(Answer::List(bytes, known)) => {
                let name = asked.shown.clone();
                let list = ListFile { name: name.clone(), bytes };
                match take(&self.settings, args, &[list], &mut |_, _| {}).await {
                    Ok(taken) => {
                        if self.tell(profile, &name, &taken, look).is_none() {
                            asked.address.imported(known);
                        }
                    }
                    Err(failure) => look.failed(self.told(&failure)),
                }
            }
            Err(detail) => {
                let text =
                    Text::new("import-not-fetched").with("address", &asked.shown).with("detail", detail);
                look.failed(self.messages.say(&text));
            }
        }
    }

    /// Tells what became of a list. Gives why it was refused, `None` if it was imported.
    fn tell(&self, profile: &str, name: &str, taken: &Taken, look: &mut Look) -> Option<String> {
        let reason = import::reason(self.messages, taken, name);
        if let Some(reason) = &reason {
            look.refused += 1;
            look.failed(reason.lines().next().unwrap_or_default().to_owned());
        } else if let Taken::Imported(done) = taken {
            look.imported += 1;
            let text = Text::new("log-imported").with("file", name).with("profile", profile);
            tracing::info!(
                "{}",
                self.messages.say(&text.count("rows", crate::output::count(done.rows.len())))
            );
        }
        reason
    }

    fn told(&self, failure: &Failure) -> String {
        let lines = import::uncolored(&Diagnostic::of(self.messages, &failure.text).headline(self.messages));
        lines.lines().next().unwrap_or_default().to_owned()
    }
}

impl Look {
    fn stuck(&mut self, error: String) {
        self.is_stuck = true;
        self.failed(error);
    }

    fn failed(&mut self, error: String) {
        tracing::warn!("{error}");
        self.errors.push(error);
    }
}
