//! The process environment, read once and only here.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variables of the process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<String, String>,
    /// Our variables whose value is not Unicode.
    unreadable: Vec<String>,
}

impl Environment {
    /// The process's variables. Those whose name is not Unicode are not ours and are left out.
    pub(crate) fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.variables.insert(name, value)),
                Err(_) if name.starts_with("WIX") => environment.unreadable.push(name),
                Err(_) => {}
            }
        }
        environment
    }

    /// Our variables whose value is not Unicode. They are errors: ignoring one would silently use another value.
    pub(crate) fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The names that begin with `prefix`.
    pub(crate) fn names(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }

    /// The user's folder for what a program keeps between runs (XDG base directories).
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        self.folder("XDG_STATE_HOME", ".local/state")
    }

    /// The user's folder for configuration.
    pub(crate) fn config_folder(&self) -> Option<PathBuf> {
        self.folder("XDG_CONFIG_HOME", ".config")
    }

    fn folder(&self, variable: &str, in_home: &str) -> Option<PathBuf> {
        let absolute = self.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute.or_else(|| Some(PathBuf::from(self.get("HOME")?).join(in_home)))?;
        Some(base.join("wixsync"))
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        let variables = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Self { variables, unreadable: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_follow_the_xdg_rules() {
        let of = |pairs| Environment::of(pairs).state_folder();
        assert_eq!(of(&[("HOME", "/h")]), Some(PathBuf::from("/h/.local/state/wixsync")));
        assert_eq!(of(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s")]), Some(PathBuf::from("/s/wixsync")));
        assert_eq!(
            of(&[("HOME", "/h"), ("XDG_STATE_HOME", "relative")]),
            Some(PathBuf::from("/h/.local/state/wixsync"))
        );
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        assert_eq!(Environment::of(&[("WIX_API_KEY", "")]).get("WIX_API_KEY"), None);
    }
}
