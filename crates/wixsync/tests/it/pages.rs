//! The pages are true: their commands run as they are printed, and they name every command.
//!
//! One catalog: commands run as they are printed, each with the catalog that the page names.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::support::program;
use testkit::{CANARY, TestShop};

/// The READMEs, with the language in which the program answers their readers.
pub(crate) const READMES: [(&str, &str); 2] = [("en", "README.md"), ("ru", "README.ru.md")];

/// The shells, with what makes them read a script as if it were typed: a comment after a command, for example, is an
/// error in zsh then.
const SHELLS: [(&str, &[&str]); 2] = [("bash", &["--noprofile", "--norc", "-i"]), ("zsh", &["-f", "-i"])];

/// The text of a page.
pub(crate) fn page(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    std::fs::read_to_string(file).expect("a page")
}

/// The blocks for a shell, one after the other.
fn blocks(page: &str) -> String {
    each_block(page).collect()
}

fn each_block(page: &str) -> impl Iterator<Item = &str> {
    page.split("\n```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block)
}

/// The file that a block writes: what stands between `> NAME <<'END'` and `END`.
pub(crate) fn file(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("cat > {name} <<'")).expect("a block that writes it");
    let (end, rest) = rest.split_once("'\n").expect("its content");
    rest.split_once(&format!("\n{end}\n")).expect("its end").0.to_owned()
}

/// What a shell did with a script.
struct Typed {
    /// The folder that it began in.
    home: TempDir,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a script in a new folder, in which nothing is configured.
async fn typed(shell: (&str, &[&str]), lang: &str, script: &str) -> Typed {
    let home = tempfile::tempdir().expect("a folder");
    typed_in(home, shell, &[("WIXSYNC_LANG", lang)], script).await
}

/// Runs a script in this folder, with these variables.
async fn typed_in(home: TempDir, shell: (&str, &[&str]), variables: &[(&str, &str)], script: &str) -> Typed {
    let outputs = tempfile::tempdir().expect("a folder");
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| outputs.path().join(name));
    // Files, because the emulator could keep pipes open after the shell's end.
    let file = |path: &Path| std::fs::File::create(path).expect("a file");
    let binary = Path::new(env!("CARGO_BIN_EXE_wixsync")).parent().expect("its folder");
    let mut path = OsString::from(binary);
    path.push(":/usr/bin:/bin");
    let mut child = Command::new(shell.0)
        .args(shell.1)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .env("TERM", "dumb")
        // Else bash takes bytes of Russian letters for keys.
        .env("LANG", "C.UTF-8")
        .envs(variables.iter().copied())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(file(&stdout))
        .stderr(file(&stderr))
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` installs it", shell.0));
    let mut stdin = child.stdin.take().expect("a stdin");
    // A command that fails ends the shell with its code, and the emulator too. In zsh, `$!` is 0 before the first
    // program in the background.
    let stop = "last=$!; [ \"${last:-0}\" -eq 0 ] || kill $last 2>/dev/null || true";
    let before = format!("set -e\ntrap '{stop}' EXIT\n");
    // A shell that ended early reads no more; its exit code says so.
    let _ = stdin.write_all(format!("{before}{script}").as_bytes()).await;
    drop(stdin);
    let code = child.wait().await.expect("it ends").code();
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned();
    Typed { home, code, stdout: read(&stdout), stderr: read(&stderr) }
}

/// A reader pastes the blocks of the README into a terminal, from the first to the last.
#[tokio::test(flavor = "multi_thread")]
async fn the_blocks_of_the_readmes_run_as_they_are_printed() {
    for (lang, name) in READMES {
        let text = page(name);
        // Who pastes the first block a second time gets another trial, in another folder.
        let (first, rest) = each_block(&text).next().zip(Some(blocks(&text))).expect("a block");
        let script = format!("{first}old=$!\n{rest}kill $old\n");
        assert!(script.contains("wixsync sync\n") && script.contains("kill $!\n"), "{name}: {script}");
        for shell in SHELLS {
            let seen = typed(shell, lang, &script).await;
            let told = format!("{name} in {}:\n{}\n{}", shell.0, seen.stdout, seen.stderr);
            assert_eq!(seen.code, Some(0), "{told}");
            // The last command prints JSON, the only one.
            let (_, shown) = seen.stdout.rsplit_once("\n{").unwrap_or_else(|| panic!("no JSON: {told}"));
            let shown: Value = serde_json::from_str(&format!("{{{shown}")).expect("JSON");
            let levels =
                ["TEA", "CUP", "SHIRT-S", "SHIRT-L"].map(|sku| shown[sku]["current_quantity"].clone());
            assert_eq!(levels, [12, 7, 0, 3].map(|level| json!(level)), "{told}");
            let in_home = std::fs::read_dir(seen.home.path()).expect("a folder").flatten();
            let trials = in_home.filter(|entry| {
                ["wixsync.toml", "warehouse.db"].iter().all(|file| entry.path().join(file).is_file())
            });
            assert_eq!(trials.count(), 2, "{told}");
        }
    }
}

/// Lists with the columns that the examples name. Their format is detected by their content.
const OTHER_LISTS: [(&str, &str); 5] = [
    ("reserved.csv", "Article;Name;Stock;Reserve\nTEA;Tea;7;2\n"),
    ("words.csv", "SKU;Qty\nTEA;>50\nCUP;N/A\n"),
    ("balance.xlsx", "Article;Main;\n;Quantity;\n;Opening stock;Closing stock\nTEA;9;7\nTotal;9;7\n"),
    ("stores.xlsx", "Article;North;;South;\n;Quantity;Amount;Quantity;Amount\nTEA;7;1;8;2\n"),
    ("prices.csv", "SKU;Name;In stock\nTEA;Tea;7 pcs\nCUP;Cup;>50\n"),
];

/// A workbook with a sheet for each group of goods.
fn groups() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for sku in ["TEA", "CUP"] {
        let page = book.add_worksheet();
        for (column, heading) in (0..).zip(["Article", "Stock", "Reserve"]) {
            page.write(0, column, heading).expect("a heading");
        }
        page.write(1, 0, sku).expect("a SKU");
        page.write(1, 1, 10).expect("the stock");
        page.write(1, 2, 3).expect("what is reserved");
    }
    book.save_to_buffer().expect("a workbook")
}

/// The examples of the page on imports, on lists of the kind that it speaks of.
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_imports_run_as_they_are_printed() {
    for (name, heads) in [
        ("docs/import.md", ["Code;Article;Name;Unit;Stock", "Article;North;South"]),
        ("docs/import.ru.md", ["Код;Артикул;Название;Ед.;Остаток", "Артикул;Север;Юг"]),
    ] {
        let page = page(name);
        // Those that name no other list are typed one after the other; each of the others is for a new warehouse.
        let is_first =
            |block: &&str| ["stock.csv", "bare.csv", "wide.csv"].iter().any(|list| block.contains(list));
        let (first, others): (Vec<&str>, Vec<&str>) = each_block(&page).partition(is_first);
        assert!(first.len() >= 3 && others.len() >= 6, "{name}: {first:?} {others:?}");
        for shell in SHELLS {
            let shop = TestShop::of([("TEA", 5), ("CUP", 5)]).await;
            let home = tempfile::tempdir().expect("a folder");
            let lists = [
                ("stock.csv", format!("{}\n1;TEA;Tea;pcs;7\n2;CUP;Cup;pcs;8\n", heads[0])),
                ("bare.csv", "TEA;Tea;3\nCUP;Cup;4\n".to_owned()),
                ("wide.csv", format!("{}\nTEA;1;2\nCUP;0;9\n", heads[1])),
            ];
            for (file, list) in lists {
                std::fs::write(home.path().join(file), list).expect("a file");
            }
            for (file, list) in OTHER_LISTS {
                std::fs::write(home.path().join(file), list).expect("a file");
            }
            std::fs::write(home.path().join("groups.xlsx"), groups()).expect("a file");
            let (key, site, url) = (CANARY, shop.site_id(), shop.base_url());
            let variables = [("WIX_API_KEY", key), ("WIX_SITE_ID", site), ("WIX_BASE_URL", &url)];
            let others: Vec<String> =
                others.iter().map(|block| format!("rm warehouse.db\n{block}")).collect();
            let script = format!("{}wixsync plan --json\n{}", first.concat(), others.concat());
            let seen = typed_in(home, shell, &variables, &script).await;
            let told = format!("{name} in {}:\n{}\n{}", shell.0, seen.stdout, seen.stderr);
            assert_eq!(seen.code, Some(0), "{told}");
            let plan = seen.stdout.lines().find(|line| line.starts_with('{')).expect("a report");
            let plan: Value = serde_json::from_str(plan).expect("JSON");
            assert_eq!(plan["details"]["updates_prepared"], 2, "{told}");
        }
    }
}

/// The names in the list of commands that the help shows.
fn commands(help: &str) -> Vec<&str> {
    let list = help.split_once("Commands:\n").expect("a list").1.split("\n\n").next().unwrap_or_default();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_commands_has_every_command() {
    let help = program().run(["--help"]).await.ends(0).stdout;
    let commands = commands(&help);
    assert!(commands.len() > 15, "{commands:?}");
    for name in ["docs/commands.md", "docs/commands.ru.md"] {
        let text = page(name);
        let table: String = text.lines().filter(|line| line.starts_with("| `wixsync")).collect();
        // `help` stands above the table.
        for command in commands.iter().filter(|command| **command != "help") {
            assert!(
                [' ', '`'].iter().any(|end| table.contains(&format!("`wixsync {command}{end}"))),
                "{name} lacks {command}"
            );
        }
    }
}
