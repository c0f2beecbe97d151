//! The page that keeps the figures: everything between its two marks is the bench's.

use std::path::PathBuf;

use anyhow::Context;

use crate::steps::root;

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// Where the page is.
pub(super) fn path() -> PathBuf {
    root().join("docs/performance.md")
}

/// Puts `block` into the page.
pub(super) fn write(block: &str) -> anyhow::Result<()> {
    let path = path();
    let told = || format!("{}", path.display());
    let page = std::fs::read_to_string(&path).with_context(told)?;
    std::fs::write(&path, with(&page, block).with_context(told)?).with_context(told)
}

/// The page with `block` between its marks.
fn with(page: &str, block: &str) -> anyhow::Result<String> {
    let missing = || format!("the page has no {BEGIN} with an {END} after it");
    let (before, rest) = page.split_once(BEGIN).with_context(missing)?;
    let (_, after) = rest.split_once(END).with_context(missing)?;
    Ok(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", block.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("# Title\n\n{BEGIN}\n\nold\n\n{END}\n\nmore\n");
        let new = with(&page, "new\n").unwrap();
        assert_eq!(new, format!("# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nmore\n"));
        assert_eq!(with(&new, "new").unwrap(), new);
    }

    #[test]
    fn a_page_without_marks_is_left_as_it_is() {
        assert!(with("# Title\n", "new").is_err());
        assert!(with(&format!("{END} {BEGIN}"), "new").is_err());
    }

    #[test]
    fn the_page_has_its_marks() {
        with(&std::fs::read_to_string(path()).unwrap(), "new").unwrap();
    }
}
