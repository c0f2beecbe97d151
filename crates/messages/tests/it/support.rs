//! Parses the message files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use messages::Lang;

/// A parsed message.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// The name of its file.
    pub(crate) file: String,
    /// The names of its arguments.
    pub(crate) args: BTreeSet<String>,
    /// The numbers that it selects by, each with the keys.
    pub(crate) selectors: Vec<(String, BTreeSet<String>)>,
    /// The words that it selects by, each with the keys.
    pub(crate) words: Vec<(String, BTreeSet<String>)>,
    /// Arguments outside of a selection by them, each with the text after it.
    pub(crate) bare: Vec<(String, String)>,
}

/// The Unicode names of plural forms in all languages.
const PLURAL_FORMS: &[&str] = &["zero", "one", "two", "few", "many", "other"];

/// All messages of a language. Fails if an id occurs twice.
pub(crate) fn messages_of(lang: Lang) -> BTreeMap<String, Message> {
    let folder = crates().join("messages/locales").join(lang.to_string());
    let mut found = BTreeMap::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let parsed = fluent_syntax::parser::parse(fs::read_to_string(&path).unwrap());
        let parsed = parsed.unwrap_or_else(|(_, errors)| panic!("{file} of {lang}: {errors:?}"));
        for entry in parsed.body {
            let Entry::Message(message) = entry else { continue };
            let mut here = Message { file: file.clone(), ..Message::default() };
            here.take(&message.value.unwrap(), &BTreeSet::new());
            let twice = found.insert(message.id.name.clone(), here);
            assert!(twice.is_none(), "{} stands twice, the second time in {file}", message.id.name);
        }
    }
    found
}

/// The folder `crates`.
pub(crate) fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

impl Message {
    fn take(&mut self, pattern: &Pattern<String>, selected: &BTreeSet<String>) {
        for (at, element) in pattern.elements.iter().enumerate() {
            let PatternElement::Placeable { expression } = element else { continue };
            match expression {
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    self.args.insert(id.name.clone());
                    let after = match pattern.elements.get(at + 1) {
                        Some(PatternElement::TextElement { value }) => value.clone(),
                        _ => String::new(),
                    };
                    if !selected.contains(&id.name) {
                        self.bare.push((id.name.clone(), after));
                    }
                }
                Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                    self.args.insert(id.name.clone());
                    let keys = variants.iter().map(|variant| match &variant.key {
                        VariantKey::Identifier { name } => name.clone(),
                        VariantKey::NumberLiteral { value } => value.clone(),
                    });
                    let keys: BTreeSet<String> = keys.collect();
                    let by_number = keys.iter().any(|key| PLURAL_FORMS.contains(&key.as_str()));
                    let selections = if by_number { &mut self.selectors } else { &mut self.words };
                    selections.push((id.name.clone(), keys));
                    let mut inner = selected.clone();
                    inner.insert(id.name.clone());
                    for variant in variants {
                        self.take(&variant.value, &inner);
                    }
                }
                // A literal brace.
                Expression::Inline(InlineExpression::StringLiteral { .. }) => {}
                other => panic!("the message files use nothing like {other:?}"),
            }
        }
    }
}

/// The sources of the crates that use messages.
pub(crate) fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let mut folders =
        vec![crates().join("wixsync/src"), crates().join("messages/src"), crates().join("server/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    sources
}

/// The literals in calls of `Text::new` and `.get`.
pub(crate) fn ids_in(source: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for call in ["Text::new(\"", ".get(\""] {
        for (at, _) in source.match_indices(call) {
            let id: String = source[at + call.len()..].chars().take_while(|c| *c != '"').collect();
            if id.contains('-') {
                ids.push(id);
            }
        }
    }
    ids
}
