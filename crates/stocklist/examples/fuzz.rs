//! Feeds damaged lists to the reader for some seconds: it must neither panic nor hang nor take more memory than its limits allow.
//!
//! ```text
//! cargo run --release -p stocklist --example fuzz -- 600
//! ```
//!
//! It builds on the stable toolchain. Each list is made of a seed, which is printed before a failure ends the program;
//! a second argument is the seed to begin with.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::exit,
    reason = "a tool for developers, which fails by panicking and measures time"
)]

#[path = "../tests/support/dice.rs"]
mod dice;

use std::io::{Cursor, Read, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dice::Dice;
use stocklist::{Options, read};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Pieces that readers take for syntax.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b";",
    b",",
    b"\t",
    b"\r\n",
    b"\r",
    b"\n",
    b"\0",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"\x1A",
    b"=\"",
    b"'",
    b"sep=;\n",
    b"<",
    b"</",
    b"/>",
    b"<c r=\"XFD1048576\">",
    b"r=\"A99999999999\"",
    b"t=\"s\"",
    b"<v>",
    b"1E308",
    b"-1",
    b"999999999999999999",
    b"4294967295",
    b"{\"sku\":",
    b"[",
    b"]",
    b"Total",
    b"\xD0\x98\xD1\x82\xD0\xBE\xD0\xB3\xD0\xBE",
    b"&#x110000;",
    b"&amp;",
    b"<mergeCell ref=\"A1:XFD1048576\"/>",
    b"number-rows-repeated=\"1048576\"",
    b"number-columns-repeated=\"16384\"",
];

/// Lists to damage.
fn seeds() -> Vec<Vec<u8>> {
    let csv = "Остатки\n\nАртикул;Наименование;Склад;Остаток, шт.;Резерв\n007;\"Чай \"\"Уют\"\"\";Юг;1 234,5;2\nB/3;x;Юг;0;\nИтого;;;1 234,5;\n";
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (row, cells) in (0_u32..).zip([["Артикул", "Остаток"], ["007", "5"], ["A-1", "7"], ["Итого", "12"]])
    {
        for (column, text) in (0_u16..).zip(cells) {
            let _ = match text.parse::<f64>() {
                Ok(number) if column == 1 => page.write_number(row, column, number).unwrap(),
                _ => page.write_string(row, column, text).unwrap(),
            };
        }
    }
    page.set_row_hidden(2).unwrap();
    let ods = archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        (
            "content.xml".to_owned(),
            b"<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
              xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
              xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
              <table:table table:name=\"S\"><table:table-row><table:table-cell office:value-type=\"string\">\
              <text:p>sku</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>qty</text:p>\
              </table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type=\"string\">\
              <text:p>A</text:p></table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"5\"/>\
              </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
                .to_vec(),
        ),
        ("META-INF/manifest.xml".to_owned(), b"<manifest/>".to_vec()),
    ]);
    let mut dbf = vec![0x03, 125, 3, 1, 2, 0, 0, 0, 97, 0, 10, 0];
    dbf.resize(32, 0);
    for (name, kind, length) in
        [(&b"SKU\0\0\0\0\0\0\0\0"[..], b'C', 4), (&b"QTY\0\0\0\0\0\0\0\0"[..], b'N', 5)]
    {
        dbf.extend([name, &[kind, 0, 0, 0, 0, length], &[0; 15]].concat());
    }
    dbf.extend(b"\r A-1    12 A-2     0\x1A");
    vec![
        csv.as_bytes().to_vec(),
        csv.replace(';', ",").into_bytes(),
        csv.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        b"[{\"sku\":\"A\",\"qty\":5},{\"sku\":\"B\",\"qty\":7}]".to_vec(),
        b"{\"sku\":\"A\",\"qty\":5}\n{\"sku\":\"B\",\"qty\":7}\n".to_vec(),
        book.save_to_buffer().unwrap(),
        ods,
        dbf,
        archive(&[("list.csv".to_owned(), csv.as_bytes().to_vec())]),
    ]
}

fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The bytes with some of them changed, moved, repeated, cut off or replaced by pieces of syntax.
fn damaged(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(24)).min(bytes.len());
        match dice.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
            2 => drop(bytes.splice(at..end, PIECES[dice.below(PIECES.len())].iter().copied())),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + dice.below(40);
                drop(bytes.splice(at..at, piece.repeat(times)));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(dice.below(256)).unwrap();
                }
            }
        }
    }
    bytes
}

/// A list of this seed. Of an archive, its parts are damaged more often than the archive.
fn list(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let bytes = seeds[dice.below(seeds.len())].clone();
    if dice.below(4) == 0 {
        return damaged(bytes, dice);
    }
    let Ok(mut parts) = ZipArchive::new(Cursor::new(&bytes)) else { return damaged(bytes, dice) };
    let chosen = dice.below(parts.len());
    let mut files = Vec::new();
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let (path, mut content) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        if at == chosen || path.ends_with("sheet1.xml") && dice.below(2) == 0 {
            content = damaged(content, dice);
        }
        files.push((path, content));
    }
    archive(&files)
}

fn options(dice: &mut Dice) -> Options {
    Options {
        sheet: (dice.below(3) == 0).then(|| "all".to_owned()),
        strip_units: dice.below(3) == 0,
        skip_hidden: dice.below(3) == 0,
        sum: dice.below(3) == 0,
        empty_as_zero: dice.below(3) == 0,
        skip_without_sku: dice.below(3) == 0,
        ignore_total: dice.below(3) == 0,
        ..Options::default()
    }
}

/// Set by a panic in our own code; those of the workbook library are caught and refuse the file.
static OURS: AtomicBool = AtomicBool::new(false);

/// The seed of the list that is being read.
static SEED: AtomicU64 = AtomicU64::new(0);
/// A list that takes longer hangs.
const LONGEST: Duration = Duration::from_mins(1);

/// Ends the program where one list takes too long.
fn watch() {
    thread::spawn(|| {
        loop {
            let before = SEED.load(Ordering::SeqCst);
            thread::sleep(LONGEST);
            if SEED.load(Ordering::SeqCst) == before {
                println!("seed {before}: not read after {LONGEST:?}");
                std::process::exit(1);
            }
        }
    });
}

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>().expect("a number"));
    let (seconds, first) = (words.next().unwrap_or(10), words.next().unwrap_or(0));
    panic::set_hook(Box::new(|info| {
        if info.location().is_none_or(|place| place.file().contains("stocklist")) {
            println!("{info}");
            OURS.store(true, Ordering::SeqCst);
        }
    }));
    let (seeds, begun) = (seeds(), Instant::now());
    let (mut seed, mut were_read, mut slowest) = (first, 0_u64, (Duration::ZERO, 0));
    watch();
    while begun.elapsed() < Duration::from_secs(seconds) {
        SEED.store(seed, Ordering::SeqCst);
        let mut dice = Dice(seed);
        let (bytes, options) = (list(&seeds, &mut dice), options(&mut dice));
        let (length, one) = (bytes.len(), Instant::now());
        let done = panic::catch_unwind(move || read(&bytes, &options).is_ok());
        were_read += u64::from(done.as_ref().is_ok_and(|is_read| *is_read));
        slowest = slowest.max((one.elapsed(), seed));
        if done.is_err() || OURS.load(Ordering::SeqCst) {
            println!("seed {seed}: a panic over {length} bytes");
            std::process::exit(1);
        }
        seed += 1;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("the peak of memory is not known");
    println!(
        "{} lists without a panic, {were_read} of them read; {peak}; the slowest: {slowest:?}",
        seed - first
    );
}
