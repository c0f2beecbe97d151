//! The page with the figures. The bench replaces everything between the two marks of a part.

use std::path::PathBuf;

use anyhow::Context;

use crate::steps::root;

/// A part of the page that is measured and written together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Runs and planning.
    Runs,
    /// The service's API.
    Api,
    /// A year of runs in the state database.
    History,
}

impl Part {
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Runs => ("<!-- figures: begin -->", "<!-- figures: end -->"),
            Self::Api => ("<!-- API figures: begin -->", "<!-- API figures: end -->"),
            Self::History => ("<!-- history figures: begin -->", "<!-- history figures: end -->"),
        }
    }
}

/// The path of the page.
pub(super) fn path() -> PathBuf {
    root().join("docs/performance.md")
}

/// Replaces one part of the page by `block`.
pub(super) fn write(part: Part, block: &str) -> anyhow::Result<()> {
    let path = path();
    let told = || format!("{}", path.display());
    let page = std::fs::read_to_string(&path).with_context(told)?;
    std::fs::write(&path, with(&page, part, block).with_context(told)?).with_context(told)
}

/// The page with `block` between the marks of `part`.
fn with(page: &str, part: Part, block: &str) -> anyhow::Result<String> {
    let (begin, end) = part.marks();
    let missing = || format!("the page has no {begin} with an {end} after it");
    let (before, rest) = page.split_once(begin).with_context(missing)?;
    let (_, after) = rest.split_once(end).with_context(missing)?;
    Ok(format!("{before}{begin}\n\n{}\n\n{end}{after}", block.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        for part in [Part::Runs, Part::Api, Part::History] {
            let (begin, end) = part.marks();
            let page = format!("# Title\n\n{begin}\n\nold\n\n{end}\n\nmore\n");
            let new = with(&page, part, "new\n").unwrap();
            assert_eq!(new, format!("# Title\n\n{begin}\n\nnew\n\n{end}\n\nmore\n"));
            assert_eq!(with(&new, part, "new").unwrap(), new);
        }
    }

    #[test]
    fn a_page_without_marks_is_left_as_it_is() {
        assert!(with("# Title\n", Part::Runs, "new").is_err());
        let (begin, end) = Part::Runs.marks();
        assert!(with(&format!("{end} {begin}"), Part::Runs, "new").is_err());
        assert!(with(&format!("{begin} {end}"), Part::Api, "new").is_err());
    }

    #[test]
    fn the_page_has_its_marks() {
        let page = std::fs::read_to_string(path()).unwrap();
        for part in [Part::Runs, Part::Api, Part::History] {
            with(&page, part, "new").unwrap();
        }
    }
}
