//! An app's client credentials are exchanged for a token, which is renewed before its end, and once after a 401.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wix::v1::inventory::Adjustment;
use wix::{Class, Client, Credentials, MemoryWindow, OnWait, SendGate, Settings, StillAllowed};

const SECRET: &str = "the-app's-own-secret";

/// How the site answers.
#[derive(Clone, Copy, Default)]
struct Manner {
    /// How long a token lives, in seconds.
    life: u64,
    /// Whether the app's credentials are refused.
    refuses_app: bool,
    /// How many requests each token is good for; none: for all.
    uses: Option<u32>,
    /// How many requests for a token are answered with 503 first.
    passing_failures: usize,
    /// How every answer with a token is; none: as it should be.
    token_form: Option<TokenForm>,
}

/// The status of an answer with a token, and its `expires_in` in JSON.
type TokenForm = (u16, &'static str);

/// What arrived, in order: a request for a token, or the token of another request.
type Seen = Arc<Mutex<Vec<String>>>;

async fn serve(manner: Manner) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (seen, uses) = (Seen::default(), Arc::new(Mutex::new(Vec::<u32>::new())));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(connection(stream, manner, Arc::clone(&log), Arc::clone(&uses)));
        }
    });
    (address, seen)
}

async fn connection(mut stream: TcpStream, manner: Manner, log: Seen, uses: Arc<Mutex<Vec<u32>>>) {
    while let Some((head, body)) = request(&mut stream).await {
        let (status, answer) = if head.starts_with("POST /oauth2/token ") {
            let mut lines = log.lock().unwrap();
            let asked_before = lines.iter().filter(|line| line.starts_with("token ")).count();
            lines.push(format!("token {body}"));
            if asked_before < manner.passing_failures {
                (503, "{}".to_owned())
            } else {
                token_answer(manner, &mut uses.lock().unwrap())
            }
        } else {
            let token = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("none");
            log.lock().unwrap().push(token.to_owned());
            let number: usize = token.trim_start_matches("token-").parse().unwrap_or_default();
            let mut uses = uses.lock().unwrap();
            let count = uses.get_mut(number.wrapping_sub(1));
            let is_good = count.is_some_and(|count| {
                *count += 1;
                manner.uses.is_none_or(|most| *count <= most)
            });
            if is_good {
                (200, r#"{"catalogVersion":"V1_CATALOG"}"#.to_owned())
            } else {
                (401, "{}".to_owned())
            }
        };
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", answer.len());
        stream.write_all((head + &answer).as_bytes()).await.unwrap();
    }
}

fn token_answer(manner: Manner, uses: &mut Vec<u32>) -> (u16, String) {
    uses.push(0);
    if manner.refuses_app {
        // A server may repeat what it was sent.
        return (401, format!(r#"{{"error":"invalid_client","error_description":"{SECRET} is wrong"}}"#));
    }
    let life = manner.life.to_string();
    let (status, life) = manner.token_form.unwrap_or((200, &life));
    let token = format!("token-{}", uses.len());
    (status, format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{life}}}"#))
}

/// Reads a whole request: its head in lower-case names, and its body.
async fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => read.extend_from_slice(buffer.get(..n).unwrap()),
        }
    }
}

fn client(address: &str) -> Client {
    let timeout = Duration::from_secs(5);
    Client::new(&Settings {
        base_url: address.parse().unwrap(),
        credentials: Credentials::App {
            app_id: "app".to_owned(),
            secret: SECRET.to_owned().into(),
            instance_id: "instance".to_owned(),
        },
        timeout,
        pause_after_429: Duration::ZERO,
        proxy: None,
        window: Arc::new(MemoryWindow::new(None, timeout, OnWait(Arc::new(|_| {})))),
    })
    .unwrap()
}

struct Open;

#[async_trait]
impl SendGate for Open {
    async fn open(&self) -> Option<StillAllowed> {
        Some(Arc::new(|| true))
    }
}

fn seen(log: &Seen) -> Vec<String> {
    log.lock().unwrap().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_token_serves_all_requests_until_it_is_due() {
    let (address, log) = serve(Manner { life: 14_400, ..Manner::default() }).await;
    let client = client(&address);
    for _ in 0..3 {
        client.catalog_version().await.unwrap();
    }
    assert_eq!(seen(&log), ["token", "token-1", "token-1", "token-1"]);
    let asked = log.lock().unwrap()[0].clone();
    let body: serde_json::Value = serde_json::from_str(asked.trim_start_matches("token ")).unwrap();
    let due = serde_json::json!({"grant_type": "client_credentials", "client_id": "app",
        "client_secret": SECRET, "instance_id": "instance"});
    assert_eq!(body, due);
    assert_eq!(client.requests(), 4);
}

#[tokio::test]
async fn a_token_at_its_end_is_renewed_first() {
    let (address, log) = serve(Manner { life: 0, ..Manner::default() }).await;
    let client = client(&address);
    client.catalog_version().await.unwrap();
    client.catalog_version().await.unwrap();
    assert_eq!(seen(&log), ["token", "token-1", "token", "token-2"]);
}

#[tokio::test]
async fn after_a_401_a_read_gets_a_new_token_once() {
    let (address, log) = serve(Manner { life: 14_400, uses: Some(1), ..Manner::default() }).await;
    let client = client(&address);
    client.catalog_version().await.unwrap();
    client.catalog_version().await.unwrap();
    assert_eq!(seen(&log), ["token", "token-1", "token-1", "token", "token-2"]);

    let (address, log) = serve(Manner { life: 14_400, uses: Some(0), ..Manner::default() }).await;
    let refused = self::client(&address).catalog_version().await.unwrap_err();
    assert_eq!(refused.class, Class::Unauthorised);
    assert_eq!(seen(&log), ["token", "token-1"], "a token that was never taken is no reason for another one");
}

#[tokio::test]
async fn a_write_with_a_token_that_is_used_up_was_not_sent() {
    let (address, log) = serve(Manner { life: 14_400, uses: Some(1), ..Manner::default() }).await;
    let client = client(&address);
    client.catalog_version().await.unwrap();
    let entry = Adjustment { inventory_id: "i", variant_id: "v", by: 1 };
    let error = client.v1_increment(std::slice::from_ref(&entry), &Open).await.unwrap_err();
    assert_eq!(error.class, Class::NotSent);
    client.v1_increment(&[entry], &Open).await.unwrap();
    assert_eq!(seen(&log), ["token", "token-1", "token-1", "token", "token-2"]);
}

#[tokio::test]
async fn an_app_that_is_refused_is_told_without_its_secret() {
    let (address, log) = serve(Manner { refuses_app: true, ..Manner::default() }).await;
    let error = client(&address).catalog_version().await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorised);
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert_eq!(seen(&log), ["token"]);
}

#[tokio::test]
async fn i9_an_answer_with_a_token_that_cannot_be_read_is_not_quoted() {
    let mut all = tokio::task::JoinSet::new();
    for form in [(200, r#""x""#), (200, "null"), (201, "14400"), (302, "14400"), (400, "14400")] {
        all.spawn(async move {
            let (address, log) = serve(Manner { token_form: Some(form), ..Manner::default() }).await;
            let error = client(&address).catalog_version().await.unwrap_err();
            assert_eq!(error.status, Some(form.0));
            let told = format!("{error} {error:?}");
            assert!(!told.contains("token-"), "{form:?}: {told}");
            assert!(seen(&log).iter().all(|line| line == "token"), "{form:?}");
        });
    }
    assert_eq!(all.join_all().await.len(), 5);
}

#[tokio::test]
async fn a_life_may_be_text() {
    let (address, log) = serve(Manner { token_form: Some((200, r#""14400""#)), ..Manner::default() }).await;
    let client = client(&address);
    client.catalog_version().await.unwrap();
    client.catalog_version().await.unwrap();
    assert_eq!(seen(&log), ["token", "token-1", "token-1"]);
}

#[tokio::test]
async fn a_passing_failure_of_the_token_endpoint_does_not_stop_a_write() {
    let (address, log) = serve(Manner { life: 14_400, passing_failures: 1, ..Manner::default() }).await;
    let entry = Adjustment { inventory_id: "i", variant_id: "v", by: 1 };
    client(&address).v1_increment(std::slice::from_ref(&entry), &Open).await.unwrap();
    assert_eq!(seen(&log), ["token", "token", "token-1"], "the write itself leaves once");

    let (address, log) =
        serve(Manner { life: 14_400, passing_failures: usize::MAX, ..Manner::default() }).await;
    let error = client(&address).v1_increment(std::slice::from_ref(&entry), &Open).await.unwrap_err();
    assert_eq!(error.class, Class::ServerError);
    assert_eq!(seen(&log), ["token"; 4]);

    let (address, log) = serve(Manner { refuses_app: true, ..Manner::default() }).await;
    let error = client(&address).v1_increment(&[entry], &Open).await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorised);
    assert_eq!(seen(&log), ["token"], "a refusal is final");
}
