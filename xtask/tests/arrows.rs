//! Checks with `cargo metadata` which crates may depend on which ("arrows").
//!
//! The tables below are the rules, and `violations` finds what breaks them. Each of the later tests feeds it a graph
//! that breaks one rule.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use anyhow::Context;
use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand};

/// Which crates of the workspace a crate may depend on, apart from dev-dependencies.
enum May {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}
use May::{AllBut, Only};

impl May {
    fn allows(&self, to: &str) -> bool {
        match self {
            Only(these) => these.contains(&to),
            AllBut(these) => !these.contains(&to),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Only([]) => "on no crate of the workspace".to_owned(),
            Only(these) => format!("only on {}", these.join(", ")),
            AllBut(these) => format!("on any crate but {}", these.join(", ")),
        }
    }
}

const ARROWS: &[(&str, May)] = &[
    ("domain", Only(&[])),
    ("api-types", Only(&["domain"])),
    ("sync", Only(&["domain"])),
    ("wix", Only(&[])),
    ("shops", Only(&["domain", "sync", "wix"])),
    ("warehouse", Only(&["domain", "sync"])),
    ("state", Only(&["domain", "sync"])),
    ("server", Only(&["api-types", "domain", "sync", "messages"])),
    ("stocklist", Only(&["domain"])),
    ("memory", Only(&["domain", "sync"])),
    ("conformance", Only(&["domain", "sync", "memory"])),
    ("simulation", Only(&["domain", "sync", "memory"])),
    ("messages", Only(&["domain", "sync"])),
    ("wix-emulator", Only(&[])),
    ("testkit", Only(&["wix-emulator"])),
    ("wixsync", AllBut(&["testkit"])),
    ("xtask", Only(&[])),
];

/// Libraries that must not be in a crate's dependency tree, apart from dev-dependencies. A name includes its family:
/// `sqlx` includes `sqlx-core`.
const NOT_IN_THE_TREE: &[(&str, &[&str])] = &[
    ("domain", &["tokio", "sqlx", "reqwest"]),
    ("api-types", &["tokio", "sqlx", "reqwest", "axum"]),
    ("sync", &["sqlx", "reqwest"]),
];

/// Pairs of crates that may not share a crate of the workspace or depend on each other, dev-dependencies included,
/// so that a mistake in one shows in the other.
const STRANGERS: &[(&str, &str)] = &[("wix", "wix-emulator")];

/// Libraries that only some crates may depend on, dev-dependencies included.
const ONLY_THERE: &[(&str, &[&str])] = &[("clap", &["wixsync", "xtask"]), ("figment", &["wixsync", "xtask"])];

/// The packages of a workspace and all their dependencies. The key distinguishes packages of the same name.
#[derive(Default)]
struct Graph {
    packages: BTreeMap<String, Package>,
}

#[derive(Default)]
struct Package {
    name: String,
    /// Whether the package is a crate of the workspace.
    ours: bool,
    needs: Vec<Need>,
}

struct Need {
    key: String,
    /// Whether it is only a dev-dependency.
    dev: bool,
}

impl Graph {
    /// The real workspace with all features, for all platforms.
    fn of_the_workspace() -> anyhow::Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let metadata =
            MetadataCommand::new().manifest_path(manifest).features(CargoOpt::AllFeatures).exec()?;
        let resolve = metadata.resolve.as_ref().context("cargo metadata resolved nothing")?;
        let mut graph = Self::default();
        for package in &metadata.packages {
            let ours = metadata.workspace_members.contains(&package.id);
            let package_here = Package { name: package.name.to_string(), ours, needs: Vec::new() };
            graph.packages.insert(package.id.repr.clone(), package_here);
        }
        for node in &resolve.nodes {
            let package = graph.packages.get_mut(&node.id.repr).context("a node without its package")?;
            package.needs.extend(node.deps.iter().map(|dep| Need {
                key: dep.pkg.repr.clone(),
                dev: dep.dep_kinds.iter().all(|kind| kind.kind == DependencyKind::Development),
            }));
        }
        Ok(graph)
    }

    fn ours(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.packages.values().filter(|package| package.ours).map(|package| (package.name.as_str(), package))
    }

    fn key_of_ours(&self, name: &str) -> Option<&str> {
        self.packages
            .iter()
            .find(|(_, package)| package.ours && package.name == name)
            .map(|(key, _)| key.as_str())
    }

    /// The direct dependencies of `package`, and whether each is only a dev-dependency.
    fn direct<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = (&'a Package, bool)> {
        package.needs.iter().filter_map(|need| Some((self.packages.get(&need.key)?, need.dev)))
    }

    /// The crate `name` and all its direct and indirect dependencies, each with the path to it. With `with_dev`, the
    /// crate's own dev-dependencies are included.
    fn tree(&self, name: &str, with_dev: bool) -> Vec<(&Package, Vec<&str>)> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting: VecDeque<_> =
            self.key_of_ours(name).map(|key| (key, Vec::new())).into_iter().collect();
        while let Some((key, mut way)) = waiting.pop_front() {
            let Some(package) = self.packages.get(key).filter(|_| seen.insert(key)) else { continue };
            let at_the_root = way.is_empty();
            way.push(package.name.as_str());
            let followed = package.needs.iter().filter(|need| !need.dev || (with_dev && at_the_root));
            waiting.extend(followed.map(|need| (need.key.as_str(), way.clone())));
            found.push((package, way));
        }
        found
    }
}

/// One sentence per broken rule.
fn violations(graph: &Graph) -> Vec<String> {
    let mut wrong = Vec::new();
    unlisted_and_gone(graph, &mut wrong);
    wrong_arrows(graph, &mut wrong);
    wrong_trees(graph, &mut wrong);
    no_strangers(graph, &mut wrong);
    wrong_places(graph, &mut wrong);
    wrong
}

fn unlisted_and_gone(graph: &Graph, wrong: &mut Vec<String>) {
    for (name, _) in graph.ours() {
        if !ARROWS.iter().any(|(listed, _)| *listed == name) {
            wrong.push(format!(
                "`{name}` is not listed: list it in ARROWS with the crates that it may depend on"
            ));
        }
    }
    let named = (ARROWS.iter().map(|(name, _)| name))
        .chain(NOT_IN_THE_TREE.iter().map(|(name, _)| name))
        .chain(STRANGERS.iter().flat_map(|(one, other)| [one, other]))
        .chain(ONLY_THERE.iter().flat_map(|(_, places)| *places));
    for name in named.collect::<BTreeSet<_>>() {
        if graph.key_of_ours(name).is_none() {
            wrong.push(format!("`{name}` is no crate of the workspace: take it out of the tables"));
        }
    }
}

fn wrong_arrows(graph: &Graph, wrong: &mut Vec<String>) {
    for (name, may) in ARROWS {
        let Some(package) = graph.key_of_ours(name).and_then(|key| graph.packages.get(key)) else { continue };
        for (to, _) in graph.direct(package).filter(|(to, dev)| to.ours && !dev) {
            let to = to.name.as_str();
            if !may.allows(to) {
                wrong.push(format!("`{name}` → `{to}`: `{name}` may depend {}", may.sentence()));
            }
        }
    }
}

fn wrong_trees(graph: &Graph, wrong: &mut Vec<String>) {
    for (name, libraries) in NOT_IN_THE_TREE {
        for (_, way) in graph.tree(name, false) {
            let Some((last, before)) = way.split_last() else { continue };
            let family = |name: &str| libraries.iter().find(|library| is_of_family(name, library));
            // The dependencies of a forbidden library are not listed separately.
            if before.iter().any(|name| family(name).is_some()) {
                continue;
            }
            if let Some(library) = family(last) {
                wrong.push(format!(
                    "{}: `{library}` may stand nowhere in the tree of `{name}`",
                    way.join(" → ")
                ));
            }
        }
    }
}

fn no_strangers(graph: &Graph, wrong: &mut Vec<String>) {
    for (one, other) in STRANGERS {
        let others = graph.tree(other, true);
        for (package, way) in graph.tree(one, true) {
            let shared =
                others.iter().find(|(theirs, _)| package.ours && theirs.ours && theirs.name == package.name);
            if let Some((_, their_way)) = shared {
                let (way, their_way) = (way.join(" → "), their_way.join(" → "));
                wrong.push(format!(
                    "`{one}` and `{other}` may share no crate of the workspace: {way} and {their_way}"
                ));
            }
        }
    }
}

fn wrong_places(graph: &Graph, wrong: &mut Vec<String>) {
    for (library, places) in ONLY_THERE {
        for (name, package) in graph.ours().filter(|(name, _)| !places.contains(name)) {
            for (to, _) in graph.direct(package).filter(|(to, _)| is_of_family(&to.name, library)) {
                let places = places.join(" and ");
                wrong.push(format!("`{name}` → `{}`: only {places} may depend on `{library}`", to.name));
            }
        }
    }
}

fn is_of_family(name: &str, library: &str) -> bool {
    name.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[test]
fn the_workspace_keeps_its_arrows() {
    let graph = Graph::of_the_workspace().unwrap();
    let wrong = violations(&graph);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What the table of arrows in the map says of `name`: the crates that its row names, and whether it may depend on all
/// others instead of these alone.
fn told<'m>(map: &'m str, name: &str) -> Option<(bool, BTreeSet<&'m str>)> {
    let (_, section) = map.split_once("\n## Arrows\n")?;
    let rows = section.split("\n## ").next()?.lines().filter_map(|line| line.split_once(" | "));
    let names = |cell: &'m str| cell.split('`').skip(1).step_by(2).collect::<BTreeSet<_>>();
    let (_, others) = rows.into_iter().find(|(crates, _)| names(crates).contains(name))?;
    Some((others.starts_with("any"), names(others)))
}

#[test]
fn the_map_tells_the_same_arrows() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/architecture.md");
    let map = std::fs::read_to_string(page).unwrap();
    for (name, may) in ARROWS {
        let held = match may {
            Only(these) => (false, these),
            AllBut(these) => (true, these),
        };
        let held = (held.0, held.1.iter().copied().collect::<BTreeSet<_>>());
        assert_eq!(told(&map, name), Some(held), "{name}");
    }
}

/// Guards against rules that can never fail: known dependencies are found.
#[test]
fn the_workspace_is_read() {
    let graph = Graph::of_the_workspace().unwrap();
    let names = |name, with_dev| -> BTreeSet<_> {
        graph.tree(name, with_dev).into_iter().map(|(package, _)| package.name.as_str()).collect()
    };
    assert!(names("state", false).is_superset(&["state", "sync", "domain", "sqlx", "tokio"].into()));
    assert!(names("wix", false).contains("reqwest"));
    assert!(names("xtask", true).contains("cargo_metadata"));
    assert!(!names("xtask", false).contains("cargo_metadata"));
}

/// A valid workspace with all listed crates, all allowed arrows and one library.
fn sound() -> Graph {
    let mut graph = Graph::default();
    for (name, _) in ARROWS {
        add(&mut graph, name, true);
    }
    add(&mut graph, "serde", false);
    for (name, may) in ARROWS {
        for (to, _) in ARROWS.iter().filter(|(to, _)| to != name) {
            if may.allows(to) {
                draw(&mut graph, name, to, false);
            }
        }
        draw(&mut graph, name, "serde", false);
    }
    graph
}

fn add(graph: &mut Graph, name: &str, ours: bool) {
    graph.packages.insert(name.to_owned(), Package { name: name.to_owned(), ours, needs: Vec::new() });
}

fn draw(graph: &mut Graph, from: &str, to: &str, dev: bool) {
    let package = graph.packages.entry(from.to_owned()).or_default();
    package.needs.push(Need { key: to.to_owned(), dev });
}

#[test]
fn a_sound_workspace_breaks_no_rule() {
    assert_eq!(violations(&sound()), Vec::<String>::new());
}

#[test]
fn a_crate_that_is_not_listed_has_to_be_listed() {
    let mut graph = sound();
    add(&mut graph, "notify", true);
    assert_eq!(
        violations(&graph),
        ["`notify` is not listed: list it in ARROWS with the crates that it may depend on"]
    );
}

#[test]
fn a_listed_crate_that_is_gone_has_to_leave_the_tables() {
    let mut graph = sound();
    graph.packages.remove("messages");
    assert_eq!(violations(&graph), ["`messages` is no crate of the workspace: take it out of the tables"]);
}

#[test]
fn every_arrow_that_the_table_does_not_allow_is_found() {
    for (from, may) in ARROWS {
        for (to, _) in ARROWS.iter().filter(|(to, _)| to != from) {
            let mut graph = sound();
            draw(&mut graph, from, to, false);
            let found =
                violations(&graph).iter().any(|wrong| wrong.starts_with(&format!("`{from}` → `{to}`: ")));
            assert_eq!(found, !may.allows(to), "{from} → {to}");
        }
    }
}

#[test]
fn a_wrong_arrow_is_named_with_what_is_allowed() {
    let mut graph = sound();
    draw(&mut graph, "warehouse", "wix", false);
    draw(&mut graph, "domain", "messages", false);
    draw(&mut graph, "wixsync", "testkit", false);
    assert_eq!(
        violations(&graph),
        [
            "`domain` → `messages`: `domain` may depend on no crate of the workspace",
            "`warehouse` → `wix`: `warehouse` may depend only on domain, sync",
            "`wixsync` → `testkit`: `wixsync` may depend on any crate but testkit",
        ]
    );
}

#[test]
fn tests_may_depend_on_what_the_crate_may_not() {
    let mut graph = sound();
    draw(&mut graph, "wixsync", "testkit", true);
    draw(&mut graph, "shops", "wix-emulator", true);
    assert_eq!(violations(&graph), Vec::<String>::new());
}

#[test]
fn a_library_deep_in_the_tree_is_found_with_the_way_to_it() {
    let mut graph = sound();
    add(&mut graph, "sqlx-core", false);
    add(&mut graph, "sqlx-sqlite", false);
    draw(&mut graph, "serde", "sqlx-core", false);
    draw(&mut graph, "sqlx-core", "sqlx-sqlite", false);
    assert_eq!(
        violations(&graph),
        [
            "domain → serde → sqlx-core: `sqlx` may stand nowhere in the tree of `domain`",
            "api-types → serde → sqlx-core: `sqlx` may stand nowhere in the tree of `api-types`",
            "sync → serde → sqlx-core: `sqlx` may stand nowhere in the tree of `sync`",
        ]
    );
}

#[test]
fn sync_may_have_tokio_and_domain_may_not() {
    let mut graph = sound();
    add(&mut graph, "tokio", false);
    draw(&mut graph, "sync", "tokio", false);
    assert_eq!(violations(&graph), Vec::<String>::new());
    draw(&mut graph, "domain", "tokio", true);
    assert_eq!(violations(&graph), Vec::<String>::new());
    draw(&mut graph, "domain", "tokio", false);
    assert_eq!(
        violations(&graph),
        [
            "domain → tokio: `tokio` may stand nowhere in the tree of `domain`",
            "api-types → domain → tokio: `tokio` may stand nowhere in the tree of `api-types`",
        ]
    );
}

#[test]
fn the_client_and_the_emulator_share_nothing_in_their_tests_either() {
    let mut graph = sound();
    draw(&mut graph, "wix", "wix-emulator", true);
    assert_eq!(
        violations(&graph),
        ["`wix` and `wix-emulator` may share no crate of the workspace: wix → wix-emulator and wix-emulator"]
    );

    let mut graph = sound();
    draw(&mut graph, "wix", "messages", true);
    draw(&mut graph, "wix-emulator", "domain", true);
    assert_eq!(
        violations(&graph),
        ["`wix` and `wix-emulator` may share no crate of the workspace: wix → messages → domain and \
             wix-emulator → domain"]
    );
}

#[test]
fn only_the_program_and_the_tasks_read_command_lines_and_configuration() {
    for library in ["clap", "clap_complete", "figment"] {
        let mut graph = sound();
        add(&mut graph, library, false);
        draw(&mut graph, "wixsync", library, false);
        draw(&mut graph, "xtask", library, false);
        assert_eq!(violations(&graph), Vec::<String>::new());
        draw(&mut graph, "state", library, true);
        let family = library.split('_').next().unwrap();
        assert_eq!(
            violations(&graph),
            [format!("`state` → `{library}`: only wixsync and xtask may depend on `{family}`")]
        );
    }
}

#[test]
fn a_family_is_a_name_and_what_is_hung_on_it() {
    assert!(is_of_family("sqlx", "sqlx"));
    assert!(is_of_family("sqlx-core", "sqlx"));
    assert!(is_of_family("clap_builder", "clap"));
    assert!(!is_of_family("sqlxmq", "sqlx"));
    assert!(!is_of_family("my-sqlx", "sqlx"));
}
