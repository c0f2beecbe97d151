//! Lists that are wrong: each is refused whole, with its lines, and says what to do.

use serde_json::{Value, json};
use testkit::{Finished, Program, TestWarehouse};

use super::files::{Sheet, damaged, encoded, workbook};
use super::{row, with_list};
use crate::support::program;

/// A wrong list: what it is, its bytes, the lines that are wrong with their codes, and a piece of what is said.
struct Wrong {
    what: &'static str,
    bytes: Vec<u8>,
    lines: &'static [(u64, &'static str)],
    says: &'static str,
}

fn wrong(
    what: &'static str,
    bytes: impl AsRef<[u8]>,
    lines: &'static [(u64, &'static str)],
    says: &'static str,
) -> Wrong {
    Wrong { what, bytes: bytes.as_ref().to_vec(), lines, says }
}

fn texts() -> Vec<Wrong> {
    vec![
        wrong("nothing", "", &[], "is empty"),
        wrong("blank lines", "\r\n \r\n\r\n", &[], "is empty"),
        wrong("headings alone", "sku;qty\n", &[], "no products below them"),
        wrong("no quantity", "Артикул;Наименование\nA;Чай\n", &[], "no column looks like quantity"),
        wrong("no SKU", "Товар;Остаток\nЧай;5\n", &[], "no column looks like sku"),
        wrong("no headings", "A-1;5\nA-2;6\n", &[], "--column sku="),
        wrong("two quantities", "sku;stock;in stock\nA;1;2\n", &[], "--column quantity=B (\"stock\")"),
        wrong(
            "a word",
            "sku;qty\nA;1\nB;много\nC;> 10\n",
            &[(3, "not_a_number"), (4, "not_a_number")],
            "\"много\" is not a number",
        ),
        wrong("no number", "sku;qty\nA;\n", &[(2, "no_quantity")], "--empty-as-zero"),
        wrong("goods without SKU", "sku;name;qty\nA;x;1\n;y;2\n", &[(3, "no_sku")], "--skip-without-sku"),
        wrong("twice", "sku;qty\nA;1\nB;1\nA;2\n", &[(4, "twice")], "line 2 already has this SKU"),
        wrong(
            "a delimiter too many",
            "sku;name;qty\nA;x;1\nB;y;z;2\n",
            &[(3, "too_many_cells")],
            "4 cells, but there are 3 headings",
        ),
        wrong(
            "an open quotation mark",
            "sku;name;qty\nA;\"x;1\nB;y;2\n",
            &[(2, "open_quote")],
            "never closed",
        ),
        wrong(
            "a shortened number",
            "sku;qty\n4,60123E+12;1\n",
            &[(2, "shortened_sku")],
            "4,60123E+12 was a long number",
        ),
    ]
}

fn texts_with_damage() -> Vec<Wrong> {
    let damaged = [b"sku;name;qty\nA;".as_slice(), "Чай".as_bytes(), b";1\nB;\xff\xfe;2\n"].concat();
    vec![
        wrong(
            "a cell as long as a book",
            format!("sku;name;qty\nA;x;1\nB;\"{}\";2\n", "long\n".repeat(300_000)),
            &[(3, "long_cell")],
            "more than 1 MiB of text",
        ),
        wrong(
            "a description for a SKU",
            format!("sku;qty\n{};1\n", "Ю".repeat(1_001)),
            &[(2, "long_sku")],
            "more than 1000 characters",
        ),
        wrong("a line break in a SKU", "sku;qty\n\"A\nB\";1\n", &[(2, "control_in_sku")], "line break"),
        wrong("lost letters", "sku;qty\nА\u{fffd}1;1\n", &[(2, "damaged_sku")], "earlier conversion"),
        wrong(
            "too many digits",
            "sku;qty\nA;1234567890123456\n",
            &[(2, "long_number")],
            "more than 15 digits",
        ),
        wrong("thousands or decimals", "sku,qty\nA,\"1,500\"\n", &[(2, "unclear_number")], "--decimal comma"),
        wrong(
            "no warehouse",
            "sku;warehouse;qty\nA;M;1\nB; ;2\n",
            &[(3, "no_warehouse")],
            "the warehouse is missing",
        ),
        wrong("damaged UTF-8", damaged, &[(3, "not_in_encoding")], "bytes that are invalid in UTF-8"),
        wrong(
            "too few letters",
            encoded("sku;name;qty\n1;чай;5\n", "windows-1251"),
            &[],
            "windows-1251: 1;чай;5",
        ),
    ]
}

fn other_files() -> Vec<Wrong> {
    vec![
        wrong("a web page", "<html><table><tr><td>sku</td></tr></table></html>", &[], "web page"),
        wrong("a PDF", "%PDF-1.7 …", &[], "PDF"),
        wrong("an archive", b"\x1f\x8b\x08\0\0", &[], "archive"),
        wrong("1C's native format", b"MOXCEL\0\x07", &[], "MXL"),
        wrong("a picture", b"\x89PNG\r\n\x1a\n", &[], "neither a text file"),
        wrong("half a workbook", &workbook([Sheet::new("S").row(["sku", "qty"])])[..400], &[], "Cannot open"),
        wrong("binary", b"sku;qty\0\x01\x02\0\x07\nA;1\n", &[], "neither a text file"),
    ]
}

fn workbooks() -> Vec<Wrong> {
    let sheet = || Sheet::new("One").row(["Артикул", "Остаток"]);
    vec![
        wrong(
            "a date for a SKU",
            workbook([sheet().row(["@45000", "=1"])]),
            &[(2, "date_sku")],
            "turned the SKU into a date",
        ),
        wrong(
            "a long number for a SKU",
            workbook([sheet().row(["=4601234567890123", "=1"])]),
            &[(2, "long_number_sku")],
            "Format the column as text",
        ),
        wrong(
            "TRUE for a SKU",
            workbook([sheet().row(["A", "=1"]).row(["!", "=1"])]),
            &[(3, "odd_sku")],
            "is not text",
        ),
        wrong(
            "TRUE for a quantity",
            workbook([sheet().row(["A", "!"])]),
            &[(2, "not_a_number")],
            "is not a number",
        ),
        wrong(
            "a date for a quantity",
            workbook([sheet().row(["A", "@45000"])]),
            &[(2, "not_a_number")],
            "is not a number",
        ),
        wrong(
            "two lists",
            workbook([sheet().row(["A", "=1"]), Sheet::new("Two").row(["sku", "qty"]).row(["A", "=2"])]),
            &[],
            "--sheet NAME",
        ),
        wrong(
            "a cell at an impossible place",
            damaged(workbook([sheet().row(["A", "=1"])]), "r=\"B2\"", "r=\"B99999999999\""),
            &[],
            "does not add up",
        ),
        wrong(
            "a workbook with a cell as long as a book",
            damaged(
                workbook([sheet().row(["A", "=1"])]),
                "<v>1</v>",
                &format!("<v>{}</v>", "long ".repeat(300_000)),
            ),
            &[],
            "more than 1 MiB of text",
        ),
        wrong("an empty workbook", workbook([Sheet::new("S")]), &[], "is empty"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_list_is_refused_whole_and_says_what_to_do() {
    let parts = [texts(), texts_with_damage(), other_files(), workbooks()];
    let all: Vec<Wrong> = parts.into_iter().flatten().collect();
    for Wrong { what, bytes, lines, says } in all {
        let warehouse = TestWarehouse::of([("KEPT", 5)]).await;
        let program = with_list(&warehouse, &bytes);
        let page = program.run(["import", "list"]).await;
        assert_eq!((page.code, page.stdout.as_str()), (Some(5), ""), "{what}: {}", page.stderr);
        assert!(
            page.stderr.to_lowercase().contains(&says.to_lowercase()),
            "{what} should say {says}: {}",
            page.stderr
        );
        assert!(page.stderr.contains("hint: "), "{what}: {}", page.stderr);
        for word in ["panicked", "imported"] {
            assert!(!page.stderr.contains(word), "{what}, {word}: {}", page.stderr);
        }
        let told = program.run(["import", "list", "--json", "--lang", "ru"]).await.ends(5).json();
        assert_eq!((&told["status"], &told["outcome"]), (&json!("error"), &json!("refused")), "{what}");
        assert!(!told["message"].to_string().contains("загруж"), "{what}: {told:#}");
        let found: Vec<(u64, &str)> =
            told["bad_lines"].as_array().expect("a list").iter().map(place).collect();
        assert_eq!(found, lines, "{what}: {told:#}");
        assert_eq!(warehouse.rows().await, [row("KEPT", "main", "5")], "{what}");
    }
}

fn place(bad: &Value) -> (u64, &str) {
    let line = bad["line"].as_u64().expect("a line");
    (line, bad["code"].as_str().expect("a code"))
}

/// Every wrong line is told with its number and its text, up to a limit.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_lines_are_told_with_their_text_up_to_a_limit() {
    let warehouse = TestWarehouse::new().await;
    let lines = (0..1_500).map(|n| format!("A-{n};Чай;{}", if n % 2 == 0 { "5" } else { "нет" }));
    let lines: Vec<String> = std::iter::once("Артикул;Товар;Остаток".to_owned()).chain(lines).collect();
    let program = with_list(&warehouse, lines.join("\n"));
    let page = program.run(["import", "list", "--errors", "3"]).await.ends(5);
    let due = "error[WX6119]: list: 750 lines are invalid; nothing was written
  line 3: quantity \"нет\" is not a number
    A-1;Чай;нет
  line 5: quantity \"нет\" is not a number
    A-3;Чай;нет
  line 7: quantity \"нет\" is not a number
    A-5;Чай;нет
  and 747 more (--errors N shows more)
hint: Say what these quantities mean (keep leaves the stock unchanged): --quantity-words \"нет=0\"
help: `wixsync error WX6119` explains more\n";
    assert_eq!(page.stderr, due);
    let told = program.run(["import", "list", "--json"]).await.ends(5).json();
    assert_eq!((&told["bad_lines_total"], &told["bad_lines"][749]["line"]), (&json!(750), &json!(1_501)));
    assert_eq!(told["bad_lines"][0]["text"], "A-1;Чай;нет");
}

async fn told(program: &Program, words: &[&str]) -> Finished {
    program.run(words).await
}

/// Wrong turns before the list is read.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_wrongly_is_refused() {
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = with_list(&warehouse, "sku;qty\nA;2\n");
    for (words, says) in [
        (&["import"][..], "FILE"),
        (&["import", "nowhere.csv"], "Cannot read nowhere.csv"),
        (&["import", "."], "Cannot read ."),
        (&["import", "list", "--replace", "--merge"], "--merge"),
        (&["import", "list", "--column", "colour=3"], "FIELD=COLUMN"),
        (&["import", "list", "--encoding", "klingon"], "windows-1251"),
        (&["import", "list", "--delimiter", "ab"], "tab"),
        (&["import", "list", "--errors", "0"], "--errors"),
    ] {
        let _ = told(&program, words).await.ends(2).says(says);
    }
    let _ =
        told(&program, &["import", "list", "--column", "sku=Code"]).await.ends(5).says("no column \"Code\"");
    let query = program.toml("[warehouse]\nquery = \"SELECT sku, quantity FROM stock\"\n");
    let _ = told(&query, &["import", "list"]).await.ends(2).says("[warehouse] query is set");
    assert_eq!(warehouse.rows().await, [row("A", "main", "1")]);
    let nowhere = super::program().file("list", "sku;qty\nA;2\n");
    let _ = told(&nowhere, &["import", "list"]).await.ends(2).says("WIXSYNC_WAREHOUSE_URL");
}

/// A state database is never a warehouse, also one that these settings do not name.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_is_not_imported_into() {
    let program = program().file("list", "sku;qty\nA;2\n");
    let program = program.set("WIXSYNC_STATE_URL", "sqlite://other.db");
    let _ = program.run(["runs"]).await.ends(0);
    let program = program.set("WIXSYNC_STATE_URL", "sqlite://state.db");
    let program = program.set("WIXSYNC_WAREHOUSE_URL", "sqlite://other.db");
    for words in [&["import", "list"][..], &["import", "list", "--dry-run"]] {
        let _ = told(&program, words).await.ends(2).says("WX6011").says("other.db");
    }
}

/// A user who imports is told about both files, and not that the warehouse is only read.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_needs_a_file_of_its_own() {
    let program = program().file("list", "sku;qty\nA;2\n");
    let program =
        program.set("WIXSYNC_STATE_URL", "sqlite://one.db").set("WIXSYNC_WAREHOUSE_URL", "sqlite://one.db");
    let page = told(&program, &["import", "list"]).await.ends(2).says("WX4003").says("one.db");
    let page = page.says("hint: Set WIXSYNC_STATE_URL or state_url in wixsync.toml to another file");
    assert!(!page.stderr.contains("only reads"), "{}", page.stderr);
}

/// A database that cannot take the list.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_take_the_list_says_why() {
    let list = "sku;qty\n007;2\n";
    let cases = [
        (
            "CREATE TABLE product (sku INTEGER); CREATE TABLE stock (sku INTEGER, warehouse, quantity)",
            "Declare the columns",
        ),
        ("CREATE TABLE product (code); CREATE TABLE stock (sku, warehouse, quantity)", "no column sku"),
        (
            "CREATE TABLE t (sku); CREATE VIEW product AS SELECT sku FROM t; CREATE TABLE stock (sku)",
            "is a view",
        ),
        (
            "CREATE TABLE product (sku, shelf NOT NULL); CREATE TABLE stock (sku, warehouse, quantity)",
            "product.shelf",
        ),
    ];
    for (sql, says) in cases {
        let warehouse = TestWarehouse::custom(sql).await;
        let _ = told(&with_list(&warehouse, list), &["import", "list"]).await.ends(5).says(says);
    }
    let gone = program().set("WIXSYNC_WAREHOUSE_URL", "sqlite://no/folder/w.db").file("list", list);
    let _ = told(&gone, &["import", "list"]).await.ends(5).says("no/folder/w.db").says("Check the folder");
}

/// Who names a sheet has meant another file, and must not find this one in the warehouse.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_has_no_sheet() {
    let warehouse = TestWarehouse::of([("KEPT", 1)]).await;
    let program = with_list(&warehouse, "sku;qty\nA;1\n");
    let told = program.run(["import", "list", "--sheet", "One"]).await;
    assert_ne!(told.code, Some(0));
    let _ = told.says("error[WX6122]").says("hint: Leave --sheet out");
}
