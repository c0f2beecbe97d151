//! No two files of a crate import each other, directly or around a circle.
//!
//! A module and the modules inside it are one room: what passes between them is left out. `graph_of` finds who names
//! whom by `use` and by paths that begin with `crate` or `super`; tests below feed it files that form a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree};

/// A module by its path in the crate; the root is the empty one.
type Module = Vec<String>;
/// Which modules a module names.
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// What one file names, each as the parts of a path that begins with `crate`, `self` or `super`.
#[derive(Default)]
struct Names(Vec<Vec<String>>);

impl Names {
    fn of(text: &str) -> syn::Result<Vec<Vec<String>>> {
        let mut names = Self::default();
        names.visit_file(&syn::parse_file(text)?);
        Ok(names.0)
    }

    fn add_tree(&mut self, tree: &UseTree, mut path: Vec<String>) {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.add_tree(&inner.tree, path);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(tree, path.clone())),
            UseTree::Name(name) => self.add(path, &name.ident),
            UseTree::Rename(name) => self.add(path, &name.ident),
            UseTree::Glob(_) => self.0.push(path),
        }
    }

    fn add(&mut self, mut path: Vec<String>, last: &syn::Ident) {
        path.push(last.to_string());
        self.0.push(path);
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let names_test = |attribute: &Attribute| {
        attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    };
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") && names_test(attribute))
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// The module that `path` in `from` leads into; `None` where it leaves the crate or names something of `from` itself.
fn target(from: &Module, path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let mut at = from.clone();
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        match first.as_str() {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            _ => break,
        }
        rest = others;
    }
    if rest.len() == path.len() {
        return None;
    }
    at.extend(rest.iter().cloned());
    while !modules.contains(&at) {
        at.pop()?;
    }
    Some(at)
}

fn is_one_room(a: &Module, b: &Module) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Who names whom among files given by module.
fn graph_of(files: &BTreeMap<Module, String>) -> syn::Result<Graph> {
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let mut graph = Graph::new();
    for (module, text) in files {
        let names = Names::of(text)?;
        let targets = names.iter().filter_map(|path| target(module, path, &modules));
        graph.insert(module.clone(), targets.filter(|to| !is_one_room(module, to)).collect());
    }
    Ok(graph)
}

/// Every module that can be reached from `from`.
fn reach(graph: &Graph, from: &Module) -> BTreeSet<Module> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Module> = graph.get(from).into_iter().flatten().collect();
    while let Some(module) = open.pop() {
        if found.insert(module.clone()) {
            open.extend(graph.get(module).into_iter().flatten());
        }
    }
    found
}

/// The modules that stand on a circle, each circle once.
fn circles(graph: &Graph) -> BTreeSet<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        graph.keys().map(|module| (module, reach(graph, module))).collect();
    let mut circles = BTreeSet::new();
    for (module, from_here) in &reached {
        if from_here.contains(*module) {
            let back = |other: &&Module| reached.get(other).is_some_and(|found| found.contains(*module));
            circles.insert(from_here.iter().filter(back).cloned().collect());
        }
    }
    circles
}

/// The files of a crate's `src` by module.
fn files_of(src: &Path) -> anyhow::Result<BTreeMap<Module, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let parts = path.strip_prefix(src)?.with_extension("");
                let mut module: Module =
                    parts.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                if matches!(module.last().map(String::as_str), Some("lib" | "main" | "mod")) {
                    module.pop();
                }
                files.insert(module, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

#[test]
fn no_crate_has_a_circle_of_files() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut sources: Vec<PathBuf> =
        fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    sources.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let mut found = Vec::new();
    for src in sources.iter().filter(|src| src.is_dir()) {
        for circle in circles(&graph_of(&files_of(src).unwrap()).unwrap()) {
            let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
            found.push(format!("{}: {}", src.display(), names.join(", ")));
        }
    }
    assert!(sources.len() > 10, "the crates were not found");
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn circles_in(files: &[(&str, &str)]) -> syn::Result<usize> {
    let module = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let files = files.iter().map(|(name, text)| (module(name), (*text).to_owned())).collect();
    Ok(circles(&graph_of(&files)?).len())
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let there = ("a", "use crate::b::Thing;");
    assert_eq!(circles_in(&[there, ("b", "")]).unwrap(), 0);
    assert_eq!(circles_in(&[there, ("b", "use crate::{x, a::{Other, More}};")]).unwrap(), 1);
    assert_eq!(circles_in(&[there, ("b", "use super::a as other;")]).unwrap(), 1);
    assert_eq!(circles_in(&[there, ("b", "fn f() { crate::a::g(); }")]).unwrap(), 1);
    assert_eq!(circles_in(&[there, ("b", "fn f(_: super::a::Other) {}")]).unwrap(), 1);
    assert_eq!(circles_in(&[there, ("b", "use crate::c::*;"), ("c", "use crate::a::Other;")]).unwrap(), 1);
}

#[test]
fn a_module_and_what_is_inside_it_are_one_room() {
    assert_eq!(circles_in(&[("a", "use self::b::Thing;"), ("a::b", "use super::Other;")]).unwrap(), 0);
    let inside =
        [("a", ""), ("a::x", "use crate::b::y::Thing;"), ("b", ""), ("b::y", "use crate::a::x::Other;")];
    assert_eq!(circles_in(&inside).unwrap(), 1);
}

#[test]
fn what_only_tests_name_is_no_import() {
    let test = "#[cfg(test)] mod tests { use crate::a::Other; }";
    assert_eq!(circles_in(&[("a", "use crate::b::Thing;"), ("b", test)]).unwrap(), 0);
}
