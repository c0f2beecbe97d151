//! Looks up sentences in the message files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use crate::figures::written;
use crate::{Lang, foreign};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        customise: |bundle| {
            // Terminals and log files cannot handle the invisible Unicode marks around arguments.
            bundle.set_use_isolating(false);
            let is_russian = bundle.locales.contains(&RU);
            bundle.set_formatter(Some(if is_russian { in_russian } else { in_english }));
        },
    };
}

const EN: LanguageIdentifier = langid!("en");
const RU: LanguageIdentifier = langid!("ru");

/// A sentence independent of the language: the id of its message and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    id: &'static str,
    args: Vec<(&'static str, Arg)>,
}

/// An argument of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Arg {
    Text(String),
    Count(u64),
    Figure(String),
}

impl Text {
    /// The message `id` without arguments.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The id of the message.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Adds a text argument.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over temporaries such as `path.display()`"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, Arg::Text(value.to_string())));
        self
    }

    /// Adds a number argument that no plural form depends on, such as `-1`, `+15` or `1.5`. The sentence has it as its
    /// language writes it.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over temporaries")]
    pub fn figure(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, Arg::Figure(value.to_string())));
        self
    }

    /// Adds a whole number argument, on which plural forms may depend. The sentence has it as its language writes it.
    #[must_use]
    pub fn count(mut self, name: &'static str, value: u64) -> Self {
        self.args.push((name, Arg::Count(value)));
        self
    }
}

/// The message files in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Messages {
    lang: Lang,
}

impl Messages {
    /// The messages in `lang`.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// The language.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// The sentence of the message `id` without arguments.
    #[must_use]
    pub fn get(self, id: &'static str) -> String {
        self.say(&Text::new(id))
    }

    /// The sentence of `text`.
    #[must_use]
    pub fn say(self, text: &Text) -> String {
        self.look_up(text.id, text)
    }

    /// The sentence of the message `prefix-code`, for codes known only at run time; `None` for an unknown code.
    #[must_use]
    pub fn coded(self, prefix: &str, code: &str, args: &Text) -> Option<String> {
        let id = format!("{prefix}-{}", code.replace('_', "-").to_lowercase());
        LOCALES.try_lookup_complete(&self.language(), &id, Some(&fluent_args(self.lang, args)))
    }

    /// What another program, or an inner crate in its log, said in English, as far as its phrases are known.
    #[must_use]
    pub fn translated(self, text: &str) -> Cow<'_, str> {
        match self.lang {
            Lang::En => Cow::Borrowed(text),
            Lang::Ru => foreign::replaced(text, &RUSSIAN),
        }
    }

    pub(crate) fn look_up(self, id: &str, text: &Text) -> String {
        LOCALES.lookup_complete(&self.language(), id, Some(&fluent_args(self.lang, text)))
    }

    fn language(self) -> LanguageIdentifier {
        match self.lang {
            Lang::En => EN,
            Lang::Ru => RU,
        }
    }
}

/// The phrases of other programs in English, and in Russian.
static RUSSIAN: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let in_both = |id: &&'static str| (Messages::new(Lang::En).get(id), Messages::new(Lang::Ru).get(id));
    foreign::PHRASES.iter().map(in_both).collect()
});

fn fluent_args(lang: Lang, text: &Text) -> HashMap<Cow<'static, str>, FluentValue<'_>> {
    text.args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Text(text) if lang == Lang::En => FluentValue::from(text.as_str()),
                Arg::Text(text) => FluentValue::from(foreign::translated(name, text, &RUSSIAN)),
                Arg::Count(n) => FluentValue::from(*n),
                Arg::Figure(number) => FluentValue::from(written(lang, number)),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect()
}

/// How a Russian sentence shows a number. The type of the second argument is the bundle's.
fn in_russian<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    number(Lang::Ru, value)
}

/// How an English sentence shows a number.
fn in_english<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    number(Lang::En, value)
}

fn number(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(written(lang, &number.as_string())),
        _ => None,
    }
}
