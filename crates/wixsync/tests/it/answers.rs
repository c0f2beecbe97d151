//! Answers as other programs send them: compressed unasked, with a byte order mark, with one odd value, or elsewhere.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use testkit::{Program, Relay, Relayed, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, reasons, sync, world};

on_every_catalog! {
    a_compressed_answer_is_read,
    a_compression_that_is_not_known_is_named,
    a_byte_order_mark_before_an_answer_is_ignored,
    a_redirect_is_named_and_not_followed,
    one_quantity_that_cannot_be_read_leaves_that_listing_alone,
    a_whole_quantity_with_a_fraction_of_zero_is_read,
}

/// The program between a warehouse and a relay before the shop.
async fn relayed(
    edit: impl Fn(Relayed) -> Relayed + Send + Sync + 'static,
) -> (TestShop, TestWarehouse, Relay, Program) {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4), ("C", 7, 9)]).await;
    let relay = Relay::before(&shop, edit).await;
    let program = between(&shop, &warehouse).set("WIX_BASE_URL", relay.base_url());
    (shop, warehouse, relay, program)
}

fn compressed(coding: &str, body: &[u8]) -> Vec<u8> {
    let level = Compression::fast();
    match coding {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), level);
            encoder.write_all(body).and_then(|()| encoder.finish()).expect("it is compressed")
        }
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(body).and_then(|()| encoder.finish()).expect("it is compressed")
        }
        "br" => {
            let mut out = Vec::new();
            let mut body = body;
            brotli::BrotliCompress(&mut body, &mut out, &brotli::enc::BrotliEncoderParams::default())
                .expect("it is compressed");
            out
        }
        _ => body.iter().map(|byte| !byte).collect(),
    }
}

fn coded(coding: &'static str) -> impl Fn(Relayed) -> Relayed {
    move |mut answer| {
        answer.headers.push(("Content-Encoding".to_owned(), coding.to_owned()));
        answer.body = compressed(coding, &answer.body);
        answer
    }
}

async fn a_compressed_answer_is_read() {
    for coding in ["gzip", "deflate", "br"] {
        let (shop, _warehouse, _relay, program) = relayed(coded(coding)).await;
        let _ = sync(&program, 0).await;
        assert_levels(&shop, [("A", 15), ("B", 4), ("C", 9)]);
        shop.assert_written_at_most_once();
    }
}

async fn a_compression_that_is_not_known_is_named() {
    let (shop, _warehouse, _relay, program) = relayed(coded("zstd")).await;
    let told = program.run(["plan"]).await.ends(5).says("WX3008").says("compressed (zstd)");
    assert!(!told.stderr.contains('\u{fffd}'), "raw bytes are shown: {}", told.stderr);
    shop.assert_not_written();
}

async fn a_byte_order_mark_before_an_answer_is_ignored() {
    let marked = |mut answer: Relayed| {
        answer.body.splice(0..0, *b"\xef\xbb\xbf");
        answer
    };
    let (shop, _warehouse, _relay, program) = relayed(marked).await;
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4), ("C", 9)]);
}

async fn a_redirect_is_named_and_not_followed() {
    let moved = |_| Relayed {
        status: 301,
        headers: vec![("Location".to_owned(), "https://www.wixapis.com/stores?secret=1".to_owned())],
        body: Vec::new(),
    };
    let (shop, _warehouse, _relay, program) = relayed(moved).await;
    let told = program.run(["plan"]).await.ends(5).says("WX3020").says("https://www.wixapis.com/stores");
    assert!(!told.stderr.contains("secret"), "{}", told.stderr);
    shop.assert_not_written();
}

/// Replaces a piece of every answer.
fn replaced(old: &'static str, new: &'static str) -> impl Fn(Relayed) -> Relayed {
    move |mut answer| {
        answer.body = String::from_utf8(answer.body).expect("text").replace(old, new).into_bytes();
        answer
    }
}

async fn one_quantity_that_cannot_be_read_leaves_that_listing_alone() {
    for odd in ["7.5", "\"7\"", "null", "[]"] {
        let odd: &'static str = format!("\"quantity\":{odd}").leak();
        let (shop, _warehouse, _relay, program) = relayed(replaced("\"quantity\":7", odd)).await;
        let report = sync(&program, 0).await;
        assert_eq!(reasons(&report, "C"), ["level_unknown"], "{odd}");
        assert_levels(&shop, [("A", 15), ("B", 4), ("C", 7)]);
    }
}

async fn a_whole_quantity_with_a_fraction_of_zero_is_read() {
    let (shop, _warehouse, _relay, program) = relayed(replaced("\"quantity\":7,", "\"quantity\":7.0,")).await;
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4), ("C", 9)]);
}
