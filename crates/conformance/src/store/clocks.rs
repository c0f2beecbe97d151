//! Stored moments that lie ahead, because the clock was ahead once: nothing waits for them.

use domain::plan::Facts;
use domain::{LineState, Outcome, Scope, ShopName};
use sync::ports::{
    Accepted, Access, LineUpdate, NewRun, NewTask, RequestKey, Sending, Slot, Store, TokenRecord,
};

use super::fixtures::{lease, line, new_run, nobody, since, summary};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Records a run of `shop` that ended at `at`.
async fn ended(store: &dyn Store, id: &str, outcome: Outcome, at: i64) {
    let run = NewRun { created_at: at, ..new_run(id, Scope::All) };
    let fence = lease(store, &run).await;
    store.start(&run, &fence, at).await.unwrap();
    store.finish(&summary(id, outcome, 9, at), &fence).await.unwrap();
    store.release(&fence).await.unwrap();
}

/// Once its schedule was set back, a slot ahead can be filled again and no longer counts as the last one.
pub async fn slots_that_lie_ahead_are_forgotten_when_the_clock_is_set_back(store: &dyn Store) {
    let (shop, other) = (ShopName::new("default"), ShopName::new("other"));
    for shop in [&shop, &other] {
        assert_eq!(store.last_slot(shop, 9 * HOUR).await.unwrap(), 9 * HOUR);
    }
    let filled = async |id: &str, shop: &ShopName, at| {
        let run = NewRun { durable: true, shop: shop.clone(), ..new_run(id, Scope::All) };
        let task = NewTask { run, slot: Some(Slot { at, missed: 3 }), key: None };
        store.accept(&task, at, &since(0)).await.unwrap()
    };
    assert_eq!(filled("1", &shop, 10 * HOUR).await, Accepted::New);
    assert_eq!(filled("2", &other, 10 * HOUR).await, Accepted::New);
    store.set_slots_back(&shop, 8 * HOUR).await.unwrap();
    assert_eq!(store.last_slot(&shop, 8 * HOUR).await.unwrap(), 8 * HOUR);
    assert_eq!(
        store.figures(&shop, 8 * HOUR).await.unwrap().slots_missed,
        0,
        "nor do the slots that it replaced"
    );
    assert!(matches!(filled("3", &shop, 10 * HOUR).await, Accepted::Joined(_)), "it is filled again");
    assert_eq!(store.last_slot(&shop, 8 * HOUR).await.unwrap(), 10 * HOUR);
    assert_eq!(store.last_slot(&other, 8 * HOUR).await.unwrap(), 10 * HOUR, "another shop keeps its own");
    store.set_slots_back(&other, 10 * HOUR).await.unwrap();
    assert_eq!(
        store.last_slot(&other, 11 * HOUR).await.unwrap(),
        10 * HOUR,
        "a slot that is not ahead stays"
    );
}

/// A token that was made by a clock that was ahead lives from now on as long as it was made for. Others keep their end.
pub async fn a_token_of_a_clock_that_was_ahead_lives_its_life_from_now(store: &dyn Store) {
    for (name, created_at, expires_at) in [
        ("ahead", 400 * DAY, Some(400 * DAY + HOUR)),
        ("ahead for ever", 400 * DAY, None),
        ("long", 0, Some(400 * DAY)),
        ("now", 2 * DAY + 50_000, Some(3 * DAY)),
    ] {
        let (name, hash, access) = (name.to_owned(), format!("digest of {name}"), Access::Read);
        let token = TokenRecord { name, hash, access, created_at, expires_at, used_at: None };
        assert!(store.add_token(&token).await.unwrap());
    }
    store.begin_lives_anew(2 * DAY).await.unwrap();
    let kept = store.tokens().await.unwrap().into_iter();
    let kept: Vec<_> = kept.map(|token| (token.name, token.created_at, token.expires_at)).collect();
    let expected = [
        ("ahead", 2 * DAY, Some(2 * DAY + HOUR)),
        ("ahead for ever", 400 * DAY, None),
        ("long", 0, Some(400 * DAY)),
        ("now", 2 * DAY + 50_000, Some(3 * DAY)),
    ];
    assert_eq!(kept, expected.map(|(name, created_at, end)| (name.to_owned(), created_at, end)));
    store.begin_lives_anew(2 * DAY + HOUR).await.unwrap();
    let ahead = store.token("digest of ahead").await.unwrap().unwrap();
    assert_eq!(ahead.expires_at, Some(2 * DAY + HOUR), "once");
    // A check-up's token is renewed to a moment soon; one far ahead was renewed before the clock was set back.
    let doctor = TokenRecord {
        name: "doctor-1".to_owned(),
        hash: "digest of doctor-1".to_owned(),
        created_at: DAY,
        expires_at: Some(400 * DAY),
        ..ahead
    };
    assert!(store.add_token(&doctor).await.unwrap());
    store.sweep_tokens("doctor-", 2 * DAY).await.unwrap();
    assert_eq!(store.token(&doctor.hash).await.unwrap(), None);
}

/// A write whose moments lie ahead is waited for once: then they lie behind, for every later run.
pub async fn a_write_that_lies_ahead_is_awaited_once(store: &dyn Store) {
    let run = new_run("1", Scope::All);
    let shop = run.shop.clone();
    store.acquire(&shop, &run.id, 500 * DAY, None, &nobody()).await.unwrap();
    let fence = sync::ports::Fence { shop: shop.clone(), token: 1 };
    store.start(&run, &fence, 400 * DAY).await.unwrap();
    let lines = [line(0, "a"), line(1, "b"), line(2, "c")];
    store.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
    let sent = async |seq, at| {
        let sending = Sending { batch: 1, sent_at: at, send_before: at + 5_000, timeout_ms: 30_000 };
        store.sent(&run.id, &fence, &[seq], sending).await.unwrap();
    };
    let unknown = |seq| LineUpdate { seq, state: LineState::Unknown, level_after: None, detail: None };
    sent(0, 400 * DAY).await;
    store.update(&run.id, &fence, 400 * DAY + 35_000, &[unknown(0)], &[]).await.unwrap();
    sent(1, DAY - 60_000).await;
    store.update(&run.id, &fence, 400 * DAY, &[unknown(1)], &[]).await.unwrap();
    sent(2, DAY - 50_000).await;
    store.update(&run.id, &fence, DAY - 40_000, &[unknown(2)], &[]).await.unwrap();

    let waits = async |now| {
        let mut recent = store.recent_writes(&shop, now - 20_000).await.unwrap();
        recent.sort_by_key(|write| write.sending.sent_at);
        recent.iter().map(|write| (write.lies_ahead(now), write.quiet_at(now) - now)).collect::<Vec<_>>()
    };
    assert_eq!(waits(DAY).await, [(true, 0), (false, -15_000), (true, 35_000)]);
    store.bring_back_writes(&fence, DAY).await.unwrap();
    assert_eq!(waits(DAY).await, [(false, 0), (false, -15_000), (false, 35_000)], "they are still awaited");
    assert_eq!(waits(DAY + HOUR).await, [], "and no longer than any other");
    let sending: Vec<_> =
        store.lines(&run.id).await.unwrap().iter().map(|line| line.sending.unwrap().sent_at).collect();
    assert_eq!(
        sending,
        [400 * DAY, DAY - 60_000, DAY - 50_000],
        "when they were sent stays as it was recorded"
    );
}

/// Old history is deleted only by a clock that the record of runs believes.
pub async fn a_clock_that_jumped_is_not_believed(store: &dyn Store) {
    assert!(!store.is_clock_believed(DAY).await.unwrap(), "there is nothing to delete");
    let now = 100 * DAY;
    for n in 0..3 {
        ended(store, &format!("a{n}"), Outcome::Converged, now + n * 12 * HOUR).await;
    }
    let now = now + DAY;
    assert!(store.is_clock_believed(now).await.unwrap());
    assert!(!store.is_clock_believed(now + 400 * DAY).await.unwrap(), "the clock was set ahead");
    ended(store, "b", Outcome::Failed, now + 400 * DAY).await;
    assert!(!store.is_clock_believed(now + 400 * DAY + HOUR).await.unwrap(), "also after a run");
    assert!(!store.is_clock_believed(now + HOUR).await.unwrap(), "and once it is set back");
    for n in 1..=3 {
        ended(store, &format!("c{n}"), Outcome::Converged, now + n * 12 * HOUR).await;
    }
    assert!(store.is_clock_believed(now + 36 * HOUR).await.unwrap(), "it is right for a day");
}

/// The last good run is the one that ended last, whatever the clock said. The latest moment tells that it was ahead.
pub async fn the_last_run_is_the_one_that_ended_last(store: &dyn Store) {
    let shop = ShopName::new("default");
    let figures = async || store.figures(&shop, 3 * DAY).await.unwrap();
    ended(store, "1", Outcome::Converged, DAY).await;
    ended(store, "2", Outcome::Partial, 400 * DAY).await;
    let seen = figures().await;
    assert_eq!((seen.last_good_at, seen.latest_moment), (Some(400 * DAY), Some(400 * DAY)));
    ended(store, "3", Outcome::Converged, 2 * DAY).await;
    let seen = figures().await;
    assert_eq!(
        (seen.last_good_at, seen.latest_moment),
        (Some(2 * DAY), Some(2 * DAY)),
        "a later run heals it"
    );
    store.pause(&shop, 401 * DAY).await.unwrap();
    assert_eq!(figures().await.latest_moment, Some(401 * DAY));
    store.resume(&shop, 2 * DAY).await.unwrap();
    assert_eq!(store.last_slot(&shop, 402 * DAY).await.unwrap(), 402 * DAY);
    assert_eq!(figures().await.latest_moment, Some(402 * DAY));
    assert_eq!(store.figures(&ShopName::new("other"), 0).await.unwrap().latest_moment, None);
}

/// A key and its run stand whatever their moment is: nothing is deleted by a moment that lies ahead.
pub async fn what_lies_ahead_is_not_deleted(store: &dyn Store) {
    let key = RequestKey { key: "k".to_owned(), fingerprint: String::new() };
    let run = NewRun { durable: true, created_at: 400 * DAY, ..new_run("1", Scope::All) };
    let task = NewTask { run, slot: None, key: Some(key) };
    assert_eq!(store.accept(&task, 400 * DAY, &since(0)).await.unwrap(), Accepted::New);
    store.cancel(&task.run.id, 400 * DAY).await.unwrap();
    assert_eq!(store.prune(DAY, 10).await.unwrap(), 0);
    let again = store.accept(&task, 2 * DAY, &since(0)).await.unwrap();
    assert!(matches!(&again, Accepted::Joined(record) if record.run.id == task.run.id), "{again:?}");
}

/// Another schedule begins when it is first recorded, so that it has no slots before. The same one goes on.
pub async fn another_schedule_begins_anew(store: &dyn Store) {
    let shop = ShopName::new("default");
    let begun = async |schedule: Option<&str>, now| {
        store.begin_schedule(&shop, schedule, now).await.unwrap();
        store.figures(&shop, now).await.unwrap().scheduled_since
    };
    assert_eq!(begun(None, 50).await, None, "a shop without a schedule");
    assert_eq!(begun(Some("1h"), 100).await, Some(100));
    assert_eq!(begun(Some("1h"), 200).await, Some(100));
    assert_eq!(store.last_slot(&shop, 300).await.unwrap(), 100);
    assert_eq!(store.figures(&shop, 300).await.unwrap().last_slot, None, "none was filled yet");
    assert_eq!(begun(Some("2h"), 300).await, Some(300));
    assert_eq!(store.last_slot(&shop, 400).await.unwrap(), 300);
    let _ = begun(None, 500).await;
    assert_eq!(begun(Some("2h"), 600).await, Some(600), "it was off in between");
    // Recorded by a version that did not tell schedules apart.
    let other = ShopName::new("other");
    assert_eq!(store.last_slot(&other, 100).await.unwrap(), 100);
    store.begin_schedule(&other, Some("1h"), 200).await.unwrap();
    assert_eq!(store.last_slot(&other, 300).await.unwrap(), 100);
}
