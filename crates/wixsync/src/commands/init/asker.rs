//! Asks the user questions at a terminal.

use std::io::IsTerminal;

use clap::ArgMatches;
use dialoguer::{Input, MultiSelect, Password, Select};
use domain::Outcome;
use messages::{Messages, Text};
use secrecy::SecretString;

use super::words::Words;
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Diagnostic, Output};

/// Asks the user questions, if it may.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    messages: Messages,
    /// Whether there is a user to answer.
    asks: bool,
}

impl Asker {
    /// `--yes` means no questions; without it there must be a terminal.
    pub(super) fn new(context: &Context, args: &ArgMatches) -> Result<Self, Failure> {
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let asks = !args.get_flag("yes");
        if asks && !terminal {
            return Err(Failure::usage(Text::new("init-no-terminal")));
        }
        Ok(Self { messages: context.messages, asks })
    }

    pub(super) fn asks(self) -> bool {
        self.asks
    }

    /// Says why an answer does not do, so that it can be given again. Without a user, or after Ctrl-C, that is the end.
    pub(super) fn refuse(self, failure: Failure) -> Result<(), Failure> {
        if !self.asks || failure.exit == Outcome::Interrupted.exit_code() {
            return Err(failure);
        }
        Output::error(self.messages, &Diagnostic::of(self.messages, &failure.text));
        Ok(())
    }

    /// Asks a yes/no question. The answer is a word: the single keys that dialoguer takes are no letters of a Russian
    /// keyboard.
    pub(super) fn confirm(self, question: &Text) -> Result<bool, Failure> {
        let m = self.messages;
        let (words, yes, no) = (Words(m), m.get("init-yes"), m.get("init-no"));
        let input = Input::<String>::with_theme(&words);
        let input = input.with_prompt(format!("{} ({yes}/{no})", m.say(question))).default(yes.clone());
        let wrong = m.say(&Text::new("init-yes-or-no").with("yes", yes).with("no", no));
        let check = move |text: &String| is_yes(text).map(drop).ok_or_else(|| wrong.clone());
        let answer = input.validate_with(check).interact_text().map_err(stopped)?;
        Ok(is_yes(&answer).unwrap_or_default())
    }

    /// Asks for a text. The text before it is there to be changed.
    pub(super) fn text(
        self,
        question: &'static str,
        before: Option<&str>,
        check: impl Fn(&str) -> Result<(), Failure>,
    ) -> Result<String, Failure> {
        let m = self.messages;
        let words = Words(m);
        let input = Input::<String>::with_theme(&words).with_prompt(m.get(question));
        // The line that is edited cannot be broken.
        let input = input.with_initial_text(before.unwrap_or_default().replace('\n', " "));
        let check = |text: &String| check(text.trim()).map_err(|failure| m.say(&failure.text));
        let answer = input.validate_with(check).interact_text().map_err(stopped)?;
        Ok(answer.trim().to_owned())
    }

    /// Asks for a secret.
    pub(super) fn secret(self, question: &'static str) -> Result<SecretString, Failure> {
        Ok(self.hidden(question, false)?.unwrap_or_default())
    }

    /// Asks for another secret in place of the one that is known; `None` where that one stays.
    pub(super) fn another_secret(self, question: &'static str) -> Result<Option<SecretString>, Failure> {
        self.hidden(question, true)
    }

    fn hidden(self, question: &'static str, may_be_empty: bool) -> Result<Option<SecretString>, Failure> {
        let (words, question) = (Words(self.messages), self.messages.get(question));
        let input = Password::with_theme(&words).with_prompt(question).allow_empty_password(may_be_empty);
        let answer = input.interact().map_err(stopped)?;
        Ok(Some(answer.trim()).filter(|answer| !answer.is_empty()).map(SecretString::from))
    }

    /// Asks for one of `items`: its place among them.
    pub(super) fn pick(
        self,
        question: &'static str,
        items: &[String],
        proposed: usize,
    ) -> Result<usize, Failure> {
        let select = Select::new().with_prompt(self.messages.get(question)).items(items);
        select.default(proposed).interact().map_err(stopped)
    }

    /// Which warehouses are summed, those of `before` proposed; `None` for all.
    pub(super) fn warehouses(
        self,
        names: &[String],
        before: Option<&[String]>,
    ) -> Result<Option<Vec<String>>, Failure> {
        let prompt = self.messages.get("init-which-warehouses");
        let proposed: Vec<bool> =
            names.iter().map(|name| before.is_none_or(|before| before.contains(name))).collect();
        let select = MultiSelect::new().with_prompt(prompt).items(names).defaults(&proposed);
        let chosen = select.interact().map_err(stopped)?;
        let is_all = chosen.len() == names.len() || chosen.is_empty();
        Ok((!is_all).then(|| chosen.iter().filter_map(|at| names.get(*at).cloned()).collect()))
    }
}

/// What a word of either language means; `None` if it is neither yes nor no.
fn is_yes(answer: &str) -> Option<bool> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "д" | "да" => Some(true),
        "n" | "no" | "н" | "нет" => Some(false),
        _ => None,
    }
}

/// Ctrl-C at a question.
fn stopped(_: dialoguer::Error) -> Failure {
    Failure::new(Text::new("init-stopped"), Outcome::Interrupted.exit_code())
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn yes_and_no_are_understood_in_both_languages_and_cases() {
        for (words, due) in [(["y", "Yes", "д", " Да "], Some(true)), (["N", "no", "н", "НЕТ"], Some(false))]
        {
            assert!(words.iter().all(|word| is_yes(word) == due), "{words:?}");
        }
        assert_eq!((is_yes(""), is_yes("maybe")), (None, None));
    }
}
