//! Where the key may go, and who may say so: addresses, proxies, and the owners of files.
//!
//! One catalog: addresses, proxies and owners are checked before the shop is asked.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use testkit::{CANARY, Program};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{between, program, sync, world};

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_leads_to_this_machine_alone() {
    for address in ["http://www.wixapis.com", "http://192.0.2.1:8080/", "http://localhost.example/"] {
        let program = program().set("WIX_API_KEY", CANARY).set("WIX_SITE_ID", "site");
        let told = program.set("WIX_BASE_URL", address).run(["config", "check"]).await.ends(2);
        let _ = told.says("error[WX1210]").says("WIX_BASE_URL");
    }
    for address in ["http://localhost:1/", "http://127.0.0.9:1/", "http://[::1]:1/", "https://192.0.2.1/"] {
        let _ = program().set("WIX_BASE_URL", address).run(["config", "show"]).await.ends(0);
    }
}

/// Who can write the settings decides where the key goes.
#[tokio::test(flavor = "multi_thread")]
async fn settings_that_others_may_write_are_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).toml("sold_out = 'zero'\n");
    let (file, folder) = (program.path("wixsync.toml"), program.path("."));
    for (file_mode, folder_mode, named) in
        [(0o646, 0o755, "wixsync.toml"), (0o644, 0o757, "here"), (0o666, 0o777, "wixsync.toml")]
    {
        set_mode(&file, file_mode);
        set_mode(&folder, folder_mode);
        for words in [["sync", "--json"], ["config", "show"]] {
            let _ = program.run(words).await.ends(2).says("WX1120").says(named).says("chmod go-w");
        }
    }
    assert_eq!(shop.live().total_requests(), 0);
    set_mode(&file, 0o644);
    set_mode(&folder, 0o1777);
    let _ = sync(&program, 0).await;
}

/// Only root can give a file away, so elsewhere the rule itself is tested alone, in `config/owners.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn settings_of_another_user_are_refused() {
    let program = program().toml("sold_out = 'zero'\n");
    let file = program.path("wixsync.toml");
    let us = std::fs::metadata(&file).expect("the file").uid();
    let given = std::os::unix::fs::chown(&file, Some(us + 4_242), None);
    assert_eq!(given.is_ok(), us == 0, "root alone can");
    if us == 0 {
        let _ = program.run(["config", "show"]).await.ends(2).says("WX1120").says("another user");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_that_others_may_read_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = between(&shop, &warehouse).unset("WIX_API_KEY").file("key", CANARY);
    let key = program.path("key");
    let program = program.set("WIX_API_KEY_FILE", key.clone());
    for (mode, is_told) in [(0o644, true), (0o640, true), (0o600, false), (0o400, false)] {
        set_mode(&key, mode);
        let told = program.run(["plan"]).await.ends(0);
        assert_eq!(told.stderr.contains("warning[WX6211]"), is_told, "{mode:o}: {}", told.stderr);
        assert_eq!(told.stderr.contains("chmod 600"), is_told, "{mode:o}: {}", told.stderr);
    }
}

/// A proxy that tells what it was asked and refuses it.
async fn proxy() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://user:{CANARY}@{}", listener.local_addr().expect("an address"));
    let (asked, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let _ = asked.send(String::from_utf8_lossy(&head).into_owned());
            let _ = stream.write_all(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    (address, told)
}

/// With a shop at an address of another machine, which nothing reaches but the proxy.
fn far(program: Program) -> Program {
    program.set("WIX_BASE_URL", "https://wix.invalid/")
}

#[tokio::test(flavor = "multi_thread")]
async fn wix_is_reached_through_the_proxy() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let (address, mut asked) = proxy().await;
    let of_environment = far(between(&shop, &warehouse)).set("HTTPS_PROXY", address.clone());
    let of_file = far(between(&shop, &warehouse)).toml(&format!("proxy = '{address}'\n"));
    for program in [of_environment, of_file] {
        let _ = program.run(["plan"]).await.ends(5).says("WX3001");
        let head = asked.recv().await.expect("a request");
        assert!(head.starts_with("CONNECT wix.invalid:443 "), "{head}");
        assert!(head.to_ascii_lowercase().contains("proxy-authorization: basic "), "{head}");
        assert!(!head.contains(CANARY), "the key goes to Wix alone: {head}");
        while asked.try_recv().is_ok() {}
        let shown = program.run(["doctor"]).await.ends(5);
        assert!(shown.stdout.contains("proxy"), "{}", shown.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_is_reached_without_the_proxy() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let (address, mut asked) = proxy().await;
    let near = between(&shop, &warehouse).set("HTTPS_PROXY", address.clone()).set("HTTP_PROXY", address);
    let _ = sync(&near, 0).await;
    assert!(asked.try_recv().is_err(), "the proxy was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_no_address_is_refused_without_being_shown() {
    let told = program().set("HTTPS_PROXY", format!("socks5://u:{CANARY}@p")).run(["config", "show"]).await;
    let _ = told.ends(2).says("HTTPS_PROXY");
}
