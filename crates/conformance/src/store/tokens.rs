//! Tokens of the service.

use domain::admission::record::Work;
use domain::{RunId, Scope, ShopName, TaskStatus};
use sync::ports::{Accepted, Access, NewRun, NewTask, RequestKey, Store, TokenRecord};

use super::fixtures::{lease, new_run, since};

fn token(name: &str, expires_at: Option<i64>) -> TokenRecord {
    TokenRecord {
        name: name.to_owned(),
        hash: format!("digest of {name}"),
        access: Access::Run,
        created_at: 1_000,
        expires_at,
        used_at: None,
    }
}

async fn names(store: &dyn Store) -> Vec<String> {
    store.tokens().await.unwrap().into_iter().map(|token| token.name).collect()
}

/// No two tokens share a name or a digest. The first token is created only once.
pub async fn a_name_and_a_digest_stand_for_one_token(store: &dyn Store) {
    let (one, two) = (token("one", None), token("two", Some(9_000)));
    assert!(store.add_first_token(&two).await.unwrap());
    assert!(!store.add_first_token(&one).await.unwrap(), "there is one");
    assert!(!store.add_token(&TokenRecord { hash: "another".to_owned(), ..two.clone() }).await.unwrap());
    assert!(!store.add_token(&TokenRecord { name: "another".to_owned(), ..two.clone() }).await.unwrap());
    let admin = TokenRecord { access: Access::Admin, ..one };
    assert!(store.add_token(&admin).await.unwrap());
    assert_eq!(store.tokens().await.unwrap(), [admin.clone(), two.clone()], "by name, every value kept");
    assert_eq!(store.token(&two.hash).await.unwrap(), Some(two));
    assert_eq!(store.token("unknown").await.unwrap(), None);
}

/// A token is changed by its name. An unknown name changes nothing.
pub async fn a_token_is_renewed_used_and_revoked(store: &dyn Store) {
    assert!(store.add_token(&token("one", Some(2_000))).await.unwrap());
    assert!(store.renew_token("one", 5_000).await.unwrap());
    store.token_used("one", 1_500).await.unwrap();
    let kept = store.token("digest of one").await.unwrap().unwrap();
    assert_eq!((kept.expires_at, kept.used_at), (Some(5_000), Some(1_500)));
    assert!(!store.renew_token("two", 5_000).await.unwrap());
    assert!(!store.revoke_token("two").await.unwrap());
    store.token_used("two", 1_500).await.unwrap();
    assert!(store.revoke_token("one").await.unwrap());
    assert_eq!(names(store).await, Vec::<String>::new());
}

/// Sweeping an expired token also ends the dry runs that were started with it, and nothing else.
pub async fn swept_tokens_take_their_own_dry_runs_along(store: &dyn Store) {
    let tokens = ["doctor-1", "doctor-2", "doctor-3", "doctor-4", "doctor-5", "doctor-6", "other"];
    for name in tokens {
        let end = if name == "doctor-6" { 60_000 } else { 2_000 };
        assert!(store.add_token(&token(name, Some(end))).await.unwrap());
    }
    assert!(store.add_token(&token("doctor-7", None)).await.unwrap());
    for (name, dry_run, created_at) in [
        ("doctor-1", true, 1_500),
        ("doctor-2", true, 1_500),
        ("doctor-3", true, 1_500),
        ("doctor-4", false, 1_500),
        ("doctor-5", true, 500),
        ("doctor-6", true, 1_500),
        ("other", true, 1_500),
    ] {
        let (shop, work) = (ShopName::new(name), Work::Sync { dry_run });
        let run = NewRun { durable: true, work, created_at, shop, ..new_run(name, Scope::All) };
        let key = RequestKey::of_token(&format!("digest of {name}"), "key", String::new());
        let task = NewTask { run, slot: None, key: Some(key) };
        assert_eq!(store.accept(&task, created_at, &since(0)).await.unwrap(), Accepted::New);
        // One whose process is alive until 30,000, and one whose process has died.
        if ["doctor-2", "doctor-3"].contains(&name) {
            let fence = lease(store, &task.run).await;
            store.start(&task.run, &fence, 1_600).await.unwrap();
            if name == "doctor-3" {
                store.renew(&fence, 9_000).await.unwrap();
            }
        }
    }
    store.sweep_tokens("doctor-", 10_000).await.unwrap();
    let mut reported = Vec::new();
    for name in tokens {
        let record = store.get(&RunId::new(name)).await.unwrap().unwrap();
        reported.push((name, record.status, record.cancel_asked));
    }
    let waiting = |name| (name, TaskStatus::Pending, false);
    assert_eq!(
        reported,
        [
            ("doctor-1", TaskStatus::Revoked, false),
            ("doctor-2", TaskStatus::Started, true),
            ("doctor-3", TaskStatus::Revoked, false),
            waiting("doctor-4"),
            waiting("doctor-5"),
            waiting("doctor-6"),
            waiting("other"),
        ]
    );
    assert_eq!(names(store).await, ["doctor-2", "doctor-6", "doctor-7", "other"]);
    // Later this process has died too.
    store.sweep_tokens("doctor-", 40_000).await.unwrap();
    assert_eq!(store.get(&RunId::new("doctor-2")).await.unwrap().unwrap().status, TaskStatus::Revoked);
    assert_eq!(names(store).await, ["doctor-6", "doctor-7", "other"]);
}
