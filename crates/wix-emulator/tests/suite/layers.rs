//! The folders of the crate depend on each other in one direction.

use std::path::Path;

/// The folders, from those that use none to those that use many. The README lists them in this order.
const LAYERS: [&str; 10] =
    ["shop_file", "catalog", "fault", "rest", "site", "query", "v1", "v3", "control", "http"];

/// The code of all files of a folder, without their unit tests.
fn code_of(folder: &Path) -> String {
    let mut code = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code.push_str(&code_of(&path));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            code.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
    code
}

#[test]
fn a_folder_uses_only_those_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (place, layer) in LAYERS.iter().enumerate() {
        let mut code = code_of(&src.join(layer));
        code.push_str(&std::fs::read_to_string(src.join(format!("{layer}.rs"))).unwrap());
        for upper in &LAYERS[place + 1..] {
            assert!(!code.contains(&format!("crate::{upper}::")), "{layer} uses {upper}");
        }
    }
}

#[test]
fn the_readme_lists_the_folders_in_this_order() {
    let readme = include_str!("../../README.md");
    let (_, table) = readme.split_once("| folder | contents |").unwrap();
    let listed: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(listed, LAYERS);
}
