//! Plans and the states of their lines.

use domain::listing::Revision;
use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::{Level, Line, LineState, LocationId, Scope, ShopName, SkipReason};
use sync::ports::{LineRecord, LineUpdate, Sending, Store};

use super::fixtures::{lease, line, new_run};

/// Lines are read back as they were written. An update changes all of its lines or none.
pub async fn lines_keep_every_value_and_change_all_or_none(store: &dyn Store) {
    let run = new_run("r", Scope::All);
    let fence = lease(store, &run).await;
    store.start(&run, &fence, 1).await.unwrap();
    let facts = Facts { warehouse_skus: 5, ..Facts::default() };
    // More rows than one INSERT takes.
    let mut lines: Vec<LineRecord> = (0..4_321).map(|seq| line(seq, &format!("sku '{seq}' 🙂"))).collect();
    let change = &mut lines[7].line.change;
    change.key = change.key.clone().at(LocationId::new("l"));
    change.revision = Some(Revision::new(9));
    let mut skips: Vec<Skip> = (0..2_500)
        .map(|n| Skip { sku: format!("skip {n}").into(), reason: SkipReason::DuplicateSku })
        .collect();
    store.save_plan(&run.id, &fence, &facts, &lines, &skips).await.unwrap();
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().facts, Some(facts));
    assert_eq!(store.lines(&run.id).await.unwrap(), lines);
    skips.sort_unstable();
    assert_eq!(store.skips(&run.id).await.unwrap(), skips, "sorted");

    let sending = Sending { batch: 1, sent_at: 10, send_before: 20, timeout_ms: 30 };
    store.sent(&run.id, &fence, &[0, 1], sending).await.unwrap();
    let twice = store.sent(&run.id, &fence, &[2, 1], sending).await;
    assert!(twice.is_err(), "line 1 is on its way already");
    let after = store.lines(&run.id).await.unwrap();
    assert_eq!((after[1].state, after[1].sending), (LineState::Sent, Some(sending)));
    assert_eq!(after[2].state, LineState::Planned, "a refused commit leaves nothing behind");

    let update = |seq| LineUpdate {
        seq,
        state: LineState::Verified,
        level_after: Level::new(7),
        detail: Some("x".to_owned()),
    };
    assert!(store.update(&run.id, &fence, 30, &[update(0), update(99_999)], &[]).await.is_err());
    assert_eq!(store.lines(&run.id).await.unwrap()[0].state, LineState::Sent);
    let again = LineRecord {
        line: Line { seq: 4_321, retry_of: Some(0), is_copy: true, ..line(0, "a").line },
        ..line(0, "a")
    };
    store.update(&run.id, &fence, 30, &[update(0)], std::slice::from_ref(&again)).await.unwrap();
    let mut lines = store.lines(&run.id).await.unwrap();
    assert_eq!(lines.pop(), Some(again));
    let record = lines.swap_remove(0);
    assert_eq!(record.answered_at, Some(30));
    assert_eq!((record.state, record.level_after), (LineState::Verified, Level::new(7)));
    assert_eq!(record.detail.as_deref(), Some("x"));
}

/// Recent writes are reported until no read can lag behind them.
pub async fn a_write_stays_recent_until_nothing_of_it_can_land(store: &dyn Store) {
    let run = new_run("1", Scope::All);
    let fence = lease(store, &run).await;
    store.start(&run, &fence, 1).await.unwrap();
    let lines = [line(0, "a"), line(1, "b")];
    store.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
    let sending = Sending { batch: 1, sent_at: 10, send_before: 15, timeout_ms: 30 };
    store.sent(&run.id, &fence, &[0], sending).await.unwrap();
    let recent = store.recent_writes(&run.shop, 44).await.unwrap();
    assert_eq!(recent.len(), 1);
    assert_eq!((recent[0].sending, recent[0].answered_at), (sending, None));
    assert_eq!(recent[0].quiet_at(20), 45);
    assert_eq!(recent[0].quiet_at(-90_000), -90_000 + 5_030, "the clock was turned back");
    assert_eq!(store.recent_writes(&run.shop, 45).await.unwrap(), []);
    // A clean answer stays recorded, whatever the line's final state is.
    for state_now in [LineState::Acked, LineState::Unresolved] {
        let update = LineUpdate { seq: 0, state: state_now, level_after: None, detail: None };
        store.update(&run.id, &fence, 52, &[update], &[]).await.unwrap();
        let recent = store.recent_writes(&run.shop, 51).await.unwrap();
        assert!(recent[0].has_clear_answer(), "{state_now}");
        assert_eq!(recent[0].quiet_at(60), 52, "{state_now}");
        assert!(store.lines(&run.id).await.unwrap()[0].acked);
    }
    assert_eq!(store.recent_writes(&run.shop, 52).await.unwrap(), []);
    assert_eq!(store.recent_writes(&ShopName::new("other"), 0).await.unwrap(), []);
}
