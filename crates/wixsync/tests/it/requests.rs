//! What a request says and does not fit: told in the language of the request, and never a failure of the server.
//!
//! One catalog: requests are refused before the shop is asked.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::service::{Answer, Service, serve, served, token};
use crate::support::{between, world};

/// The routes that take a body or refuse one, each with a body that fits.
const ROUTES: [(&str, &str); 10] = [
    ("/warehouse/sync-wix/", r#"{"dry_run": true}"#),
    ("/warehouse/sync-wix", r#"{"dry_run": true}"#),
    ("/api/v1/runs", r#"{"dry_run": true}"#),
    ("/api/v1/plans", ""),
    ("/api/v1/plans/none/apply", ""),
    ("/api/v1/inventory", r#"{"quantities": {"NONE": 1}}"#),
    ("/api/v1/products/query", r#"{"skus": ["A"]}"#),
    ("/api/v1/inventory-updates/query", r#"{"skus": ["A"]}"#),
    ("/api/v1/shops/default/resume", ""),
    ("/api/v1/runs/none/cancel", ""),
];

async fn problem(service: &Service, method: Method, path: &str, lang: &str, body: &str) -> Value {
    let answer = service.ask(method, path, &[("accept-language", lang)], body).await;
    assert_eq!(answer.kind, "application/problem+json", "{path}: {}", answer.text);
    answer.json()
}

/// Path, body, code of the problem, and what is said of it in Russian and in English.
type BodyCase = (&'static str, &'static str, &'static str, &'static str, &'static str);

const BODIES_THAT_DO_NOT_FIT: &[BodyCase] = &[
    (
        "/warehouse/sync-wix/",
        r#"{"x": 1}"#,
        "bad_body",
        "Неизвестное поле `x`; возможны: `shop`, `skus`, `dry_run`",
        "Unknown field `x`; possible: `shop`, `skus`, `dry_run`",
    ),
    (
        "/warehouse/sync-wix/",
        r#"{"dry_run": "yes"}"#,
        "bad_body",
        "В `dry_run` ожидается true или false, а получено: строка",
        "`dry_run` must be true or false, but is a string",
    ),
    (
        "/warehouse/sync-wix/",
        "{\n \"skus\": [,]}",
        "not_json",
        "Неверный JSON: строка 2, позиция 11",
        "Invalid JSON at line 2, column 11",
    ),
    (
        "/warehouse/sync-wix/",
        "{",
        "not_json",
        "JSON обрывается: строка 1, позиция 1",
        "The JSON is incomplete; it ends at line 1, column 1",
    ),
    (
        "/warehouse/sync-wix/",
        r#"{"skus": []}"#,
        "bad_body",
        "`skus` не может быть пустым",
        "`skus` must not be empty",
    ),
    ("/api/v1/inventory", "", "bad_body", "Не хватает поля `quantities`", "Field `quantities` is missing"),
    (
        "/api/v1/inventory",
        r#"{"quantities": {"A": 100000}}"#,
        "bad_body",
        "В `quantities.A` ожидается целое число от 0 до 99999",
        "`quantities.A` must be a whole number from 0 to 99999",
    ),
    (
        "/api/v1/products/query",
        r#"{"skus": ["A"], "batch_size": 101}"#,
        "bad_body",
        "В `batch_size` ожидается целое число от 1 до 100",
        "`batch_size` must be a whole number from 1 to 100",
    ),
    (
        "/api/v1/plans?dry_run=true",
        "",
        "bad_query",
        "Этот путь не принимает параметров; передано `dry_run=true`",
        "This path accepts no parameters, but got `dry_run=true`",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_fit_is_told_in_the_language_of_the_request() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for (path, body, code, russian, english) in BODIES_THAT_DO_NOT_FIT.iter().copied() {
        let said = problem(&service, Method::POST, path, "ru", body).await;
        assert_eq!((&said["code"], &said["detail"]), (&code.into(), &russian.into()), "{path} {body}");
        let said = problem(&service, Method::POST, path, "en", body).await;
        assert_eq!((&said["code"], &said["detail"]), (&code.into(), &english.into()), "{path} {body}");
    }
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"], json!([]), "nothing of all this has started anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_does_not_fit_is_told_in_the_language_of_the_request() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for (path, code, russian, english) in [
        (
            "/api/v1/runs?limit=0",
            "bad_query",
            "В `limit` ожидается целое число от 1 до 200",
            "`limit` must be a whole number from 1 to 200",
        ),
        (
            "/api/v1/runs?limit=-1",
            "bad_query",
            "В `limit` ожидается целое число от 1 до 200",
            "`limit` must be a whole number from 1 to 200",
        ),
        (
            "/api/v1/runs?limit=99999999999999999999999",
            "bad_query",
            "В `limit` ожидается целое число от 1 до 200",
            "`limit` must be a whole number from 1 to 200",
        ),
        (
            "/api/v1/runs?kind=undo",
            "bad_query",
            "В `kind` недопустимое значение `undo`; возможно: `sync`, `plan`, `apply`, `set`",
            "`kind` cannot be `undo`; possible: `sync`, `plan`, `apply`, `set`",
        ),
        (
            "/api/v1/runs?colour=red",
            "bad_query",
            "Неизвестный параметр `colour`; возможны: `shop`, `kind`, `status`, `outcome`, `started_by`, `limit`, `cursor`",
            "Unknown parameter `colour`; possible: `shop`, `kind`, `status`, `outcome`, `started_by`, `limit`, `cursor`",
        ),
        (
            "/api/v1/runs?cursor=x-1",
            "bad_query",
            "В `cursor` ожидается `next_cursor` предыдущей страницы",
            "`cursor` must be the `next_cursor` of the previous page",
        ),
        (
            "/api/v1/runs/%ff",
            "no_such_path",
            "Значение `run_id` в пути — не UTF-8",
            "The value of `run_id` in the path is not UTF-8",
        ),
    ] {
        let said = problem(&service, Method::GET, path, "ru", "").await;
        assert_eq!((&said["code"], &said["detail"]), (&code.into(), &russian.into()), "{path}");
        let said = problem(&service, Method::GET, path, "en", "").await;
        assert_eq!((&said["code"], &said["detail"]), (&code.into(), &english.into()), "{path}");
    }
}

/// The last one would win, and nothing would tell that another was meant.
#[tokio::test(flavor = "multi_thread")]
async fn a_sku_with_two_quantities_is_refused_as_on_the_command_line() {
    let (shop, warehouse) = world(&[("A", 1, 1), ("B", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for body in
        [r#"{"quantities": {"A": 1, "B": 5, "A": 2}}"#, r#"{"quantities": {"B": 5, "A": 2, "\u0041": 2}}"#]
    {
        let answer = service.ask(Method::POST, "/api/v1/inventory", &[], body).await.is(422);
        let said = answer.json();
        assert_eq!(
            (&said["code"], &said["error_code"], &said["detail"]),
            (&"sku_twice".into(), &"WX1020".into(), &"`A` указано дважды".into()),
            "{said:#}"
        );
        assert_eq!(
            (&said["title"], &said["hint"]),
            (&"У артикула два количества".into(), &"Укажите каждый артикул один раз.".into())
        );
    }
    for (path, body) in [
        ("/api/v1/inventory", r#"{"quantities": {"A": 1}, "quantities": {"A": 2}}"#),
        ("/api/v1/runs", r#"{"skus": ["A"], "skus": ["B"]}"#),
        ("/warehouse/sync-wix/", r#"{"dry_run": true, "dry_run": false}"#),
        ("/api/v1/products/query", r#"{"skus": ["A"], "skus": ["B"]}"#),
    ] {
        service.post(path, body).await.refuses(422, "bad_body");
    }
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"], json!([]));

    // A list says which SKUs are meant; one that it names twice is meant once.
    let body = r#"{"skus": ["B", "A", "B"]}"#;
    let updates = service.post("/api/v1/inventory-updates/query", body).await.is(200).json();
    let skus: Vec<&str> =
        updates.as_array().expect("a list").iter().filter_map(|one| one["sku"].as_str()).collect();
    assert_eq!(skus, ["B", "A"]);
    let twice = r#"{"skus": ["A", "A"], "dry_run": true}"#;
    let task = service.post("/api/v1/runs", twice).await.is(202).json()["task_id"].clone();
    let once = r#"{"skus": ["A"], "dry_run": true}"#;
    let joined = [("idempotency-key", "k")];
    let again = service.ask(Method::POST, "/api/v1/runs", &joined, once).await.is(202);
    let same = service.ask(Method::POST, "/api/v1/runs", &joined, twice).await.is(202);
    assert_eq!(again.json()["task_id"], same.json()["task_id"], "the key stands for the same request");
    let (_, end) = service.poll(task.as_str().expect("a task")).await;
    assert_eq!(end.json()["result"]["total_products"], 1, "{}", end.text);
    shop.assert_not_written();
}

/// Bodies of every kind of brokenness: each is refused, and none makes the server fail.
#[tokio::test(flavor = "multi_thread")]
async fn no_body_makes_a_failure_of_the_server() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let deep = format!("{{\"skus\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let long = format!("{{\"{}\": 1}}", "я".repeat(100_000));
    let wide = format!("{{\"quantities\": {{\"{}\": 1.0e400}}}}", "x".repeat(50_000));
    let bodies: [&str; 26] = [
        "{",
        "{}}",
        "nul",
        "\u{feff}{",
        "{\"a\":\u{0}}",
        r#"{"skus": "\ud800"}"#,
        r#"{"skus": ["\u0000", ""]}"#,
        r#"{"skus": {}}"#,
        r#"{"skus": [null]}"#,
        r#"{"skus": [[]]}"#,
        r#"{"shop": 5, "skus": ["A"]}"#,
        r#"{"shop": {"$serde": 1}}"#,
        r#"{"shop": "\u0000", "skus": ["A"], "quantities": {"A": 1}}"#,
        r#"{"quantities": {"A": -1}}"#,
        r#"{"quantities": {"A": 1e999}}"#,
        r#"{"quantities": {"A": 18446744073709551616}}"#,
        r#"{"quantities": {"A": "1"}}"#,
        r#"{"quantities": {"A": null}}"#,
        r#"{"quantities": {"A": true}}"#,
        r#"{"quantities": {"": 1}}"#,
        r#"{"quantities": []}"#,
        r#"{"skus": ["A"], "batch_size": 0}"#,
        r#"{"skus": ["A"], "batch_size": 1.5}"#,
        &deep,
        &long,
        &wide,
    ];
    for (path, fitting) in ROUTES {
        for body in bodies {
            let answer = service.post(path, body).await;
            let status = answer.status.as_u16();
            assert!(matches!(status, 400 | 404 | 422), "{path} {body:.100}: {status} {}", answer.text);
            assert_eq!(answer.kind, "application/problem+json");
            let said = answer.json();
            assert!(said["detail"].as_str().is_none_or(|detail| detail.chars().count() < 400), "{said}");
        }
        let status = service.post(path, fitting).await.status.as_u16();
        assert!(matches!(status, 200 | 202 | 404 | 409), "{path}: {status}");
    }
    assert_eq!(service.running.stop().await, Some(0));
}

/// A key belongs to the token, and not to its name.
#[tokio::test(flavor = "multi_thread")]
async fn a_later_token_of_the_same_name_has_keys_of_its_own() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let send = async |token: &str, body: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
        service.ask(Method::POST, "/api/v1/runs", &headers, body).await
    };
    let first = token(&program, "shop", "run").await;
    let task = send(&first, "").await.is(202).json()["task_id"].clone();
    let _ = service.poll(task.as_str().expect("a task")).await;
    assert_eq!(send(&first, "").await.is(202).json()["task_id"], task);
    let other = token(&program, "other", "run").await;
    let _ = program.run(["token", "revoke", "shop"]).await.ends(0);
    let second = token(&program, "shop", "run").await;
    for token in [other, second] {
        let own = send(&token, "{\"dry_run\": true}").await.is(202).json()["task_id"].clone();
        assert_ne!(own, task);
        let _ = service.poll(own.as_str().expect("a task")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_that_a_path_does_not_take_are_told_those_that_it_takes() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for (path, allowed) in [
        ("/healthz", "GET,HEAD"),
        ("/api/v1/runs", "GET,HEAD,POST"),
        ("/warehouse/sync-wix/", "POST"),
        ("/docs/", "GET,HEAD"),
    ] {
        let allows = |answer: &Answer| answer.headers.get("allow").is_some_and(|allow| allow == allowed);
        let refused = service.ask(Method::DELETE, path, &[], "").await;
        assert!(allows(&refused), "{path}: {:?}", refused.headers);
        refused.refuses(405, "wrong_method");
        let options = service.ask(Method::OPTIONS, path, &[], "").await.is(204);
        assert!(allows(&options) && options.text.is_empty(), "{path}: {:?}", options.headers);
    }
    for path in ["/healthz", "/readyz", "/metrics", "/api/v1/runs", "/api/v1/shops", "/openapi.json"] {
        let (head, get) = (service.ask(Method::HEAD, path, &[], "").await, service.get(path).await);
        assert_eq!((head.status, head.kind, head.text.as_str()), (get.status, get.kind, ""), "{path}");
    }
    for path in ["/nowhere", "/api/v1/runs/", "/docs/nothing.js", "/api/v1/skus//explanation"] {
        service.get(path).await.refuses(404, "no_such_path");
        let said = problem(&service, Method::GET, path, "en ; q=0.9, ru ; q=0.8", "").await;
        assert_eq!(said["title"], "This path does not exist", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_json_whatever_its_type_says_and_is_not_compressed() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let gzip = [("content-encoding", "gzip")];
    service.ask(Method::POST, "/api/v1/runs", &gzip, "{}").await.refuses(415, "encoded_body");
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"], json!([]), "it has started nothing");
    let body = r#"{"skus": ["A"], "dry_run": true}"#;
    for (header, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-encoding", "identity"),
        ("accept", "text/html"),
    ] {
        let answer = service.ask(Method::POST, "/api/v1/runs", &[(header, value)], body).await.is(202);
        assert_eq!(answer.kind, "application/json");
        let _ = service.poll(answer.json()["task_id"].as_str().expect("a task")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_and_plans_are_named_paged_and_ended_as_they_are() {
    let (shop, warehouse) = world(&[("A", 1, 3), ("B", 5, 2), ("C", 5, 4)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let plan = service.post("/api/v1/plans", "").await.is(202).json()["task_id"].clone();
    let plan = plan.as_str().expect("a plan");
    let (_, end) = service.poll(plan).await;
    // A UUID may be written in either case.
    let upper = plan.to_ascii_uppercase();
    assert_eq!(service.status(&upper).await.text, end.text);
    let _ = service.get(&format!("/api/v1/runs/{upper}")).await.is(200);
    let ended = service.ask(Method::POST, &format!("/api/v1/runs/{upper}/cancel"), &[], "").await;
    assert_eq!(ended.json()["run_id"], plan);
    ended.refuses(409, "run_is_over");

    let (mut skus, mut after) = (Vec::new(), String::new());
    loop {
        let page = service.get(&format!("/api/v1/runs/{plan}/lines?limit=1{after}")).await.is(200).json();
        let lines = page["lines"].as_array().expect("lines");
        skus.extend(lines.iter().filter_map(|line| line["sku"].as_str()).map(str::to_owned));
        match page["next_after"].as_u64() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    skus.sort_unstable();
    assert_eq!(skus, ["A", "B", "C"], "every line once");
    for query in ["limit=0", "limit=1001", "limit=-1", "after=-1", "after=4294967296", "limit=1&limit=2"] {
        service.get(&format!("/api/v1/runs/{plan}/lines?{query}")).await.refuses(422, "bad_query");
    }

    // A plan that is applied twice has nothing left to do the second time.
    for updated in [3, 0] {
        let applied = service.post(&format!("/api/v1/plans/{upper}/apply"), "").await.is(202).json();
        let (_, end) = service.poll(applied["task_id"].as_str().expect("a task")).await;
        assert_eq!(end.json()["result"]["updated_in_wix"], updated, "{}", end.text);
    }
    assert_eq!(shop.written().len(), 3);
}

/// What was accepted is told as what it is; the guide's sentence stands for the guide's call.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_told_as_what_it_is() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let accepted = async |path: &str, body: &str, lang: &str| {
        let answer = service.ask(Method::POST, path, &[("accept-language", lang)], body).await.json();
        let task = answer["task_id"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned();
        let _ = service.poll(&task).await;
        (task, answer["message"].as_str().expect("a message").to_owned())
    };
    let (plan, _) = accepted("/api/v1/plans", "", "ru").await;
    for (path, body, russian, english) in [
        (
            "/api/v1/plans",
            "",
            "Составление плана принято: в Wix ничего не записывается",
            "Plan accepted; nothing is written to Wix",
        ),
        (
            "/api/v1/runs",
            r#"{"dry_run": true}"#,
            "Пробный запуск принят: в Wix ничего не записывается",
            "Dry run accepted; nothing is written to Wix",
        ),
        (
            "/warehouse/sync-wix/",
            r#"{"dry_run": true}"#,
            "Синхронизация с Wix запущена",
            "Synchronization with Wix started",
        ),
        (
            &format!("/api/v1/plans/{plan}/apply"),
            "",
            "Запрос на применение плана принят",
            "Request to apply the plan accepted",
        ),
        (
            "/api/v1/inventory",
            r#"{"quantities": {"A": 5}}"#,
            "Запрос на установку количества принят",
            "Request to set the quantities accepted",
        ),
        ("/api/v1/runs", "", "Синхронизация с Wix запущена", "Synchronization with Wix started"),
        ("/warehouse/sync-wix/", "", "Синхронизация с Wix запущена", "Synchronization with Wix started"),
    ] {
        assert_eq!(accepted(path, body, "ru").await.1, russian, "{path} {body}");
        assert_eq!(accepted(path, body, "en").await.1, english, "{path} {body}");
    }
}

/// What announces more than would ever be read is refused before any of it has come.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_announces_too_much_is_refused_at_once() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let address = service.url.strip_prefix("http://").expect("an address");
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "POST /warehouse/sync-wix/ HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 100000000000\r\nConnection: close\r\n\r\n",
        service.token
    );
    client.write_all(head.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"body_too_large\""), "{answer}");
}

/// 1C writes a byte order mark before every body unless told otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn a_byte_order_mark_before_a_body_is_ignored() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for body in ["\u{feff}{\"dry_run\": true}", "\u{feff}", "\u{feff} \r\n", "\u{feff}null"] {
        let _ = service.post("/warehouse/sync-wix/", body).await.is(200);
    }
    service.post("/warehouse/sync-wix/", "{\u{feff}}").await.refuses(400, "not_json");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_optional_field_takes_null() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let nulls = r#"{"shop": null, "skus": null, "dry_run": null}"#;
    for (path, body) in [
        ("/warehouse/sync-wix/", nulls),
        ("/api/v1/runs", nulls),
        ("/api/v1/plans", r#"{"shop": null, "skus": null}"#),
        ("/api/v1/inventory", r#"{"shop": null, "quantities": {"A": 1}}"#),
        ("/api/v1/products/query", r#"{"shop": null, "batch_size": null, "skus": ["A"]}"#),
    ] {
        let answer = service.post(path, body).await;
        // A shop that is busy says so with 409; what matters here is that the body fits.
        assert!(answer.status.is_success() || answer.status == 409, "{path}: {}", answer.text);
    }
    service.post("/api/v1/runs", r#"{"dryrun": null}"#).await.refuses(422, "bad_body");
    service.post("/api/v1/products/query", r#"{"skus": null}"#).await.refuses(422, "bad_body");
}
