//! Plans and the states of their lines.

use domain::listing::Revision;
use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::write::settle::LEFT_OUT;
use domain::{Level, Line, LineState, LocationId, Outcome, ProductId, Scope, ShopName, SkipReason};
use sync::ports::{LineRecord, LineUpdate, Sending, Store};

use super::fixtures::{lease, line, new_run, summary};

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

/// A listing whose last line was acknowledged and not applied is named, until a later line for it is sent.
pub async fn a_line_that_was_left_out_is_remembered_until_it_is_sent_again(store: &dyn Store) {
    let shop = ShopName::new("default");
    let product = |seq: u32, name: &str| {
        let mut record = line(seq, name);
        record.line.change.key.product = ProductId::new(name);
        record
    };
    let named = async |since| -> Vec<String> {
        let mut keys: Vec<String> =
            store.left_out(&shop, since).await.unwrap().iter().map(|key| key.product.to_string()).collect();
        keys.sort();
        keys
    };
    // Each run sends `sent` at its moment; those with `true` are left out. The clock was turned back before the second.
    for (id, at, sent) in [
        ("1", 1_000, vec![("a", true), ("b", true), ("c", false)]),
        ("2", 500, vec![("b", false), ("c", true)]),
        ("3", 3_000, vec![("c", true)]),
    ] {
        let run = new_run(id, Scope::All);
        let fence = lease(store, &run).await;
        store.start(&run, &fence, at).await.unwrap();
        let lines: Vec<LineRecord> =
            sent.iter().zip(0..).map(|((name, _), seq)| product(seq, name)).collect();
        store.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
        let seqs: Vec<u32> = lines.iter().map(|record| record.line.seq).collect();
        let sending = Sending { batch: 1, sent_at: at, send_before: at + 10, timeout_ms: 10 };
        store.sent(&run.id, &fence, &seqs, sending).await.unwrap();
        let acked = seqs.iter().map(|seq| LineUpdate {
            seq: *seq,
            state: LineState::Acked,
            level_after: None,
            detail: None,
        });
        store.update(&run.id, &fence, at, &acked.collect::<Vec<_>>(), &[]).await.unwrap();
        let update = |seq, left_out: bool| {
            let state = if left_out { LineState::Unresolved } else { LineState::Verified };
            LineUpdate { seq, state, level_after: None, detail: left_out.then(|| LEFT_OUT.to_owned()) }
        };
        let updates: Vec<LineUpdate> =
            sent.iter().zip(seqs).map(|((_, left_out), seq)| update(seq, *left_out)).collect();
        store.update(&run.id, &fence, at, &updates, &[]).await.unwrap();
        store.finish(&summary(id, Outcome::Partial, 1, at), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
        let due = match id {
            "1" => vec!["a", "b"],
            _ => vec!["a", "c"],
        };
        assert_eq!(named(0).await, due, "after run {id}");
    }
    assert_eq!(named(1_000).await, ["c"], "the other was sent before that");
    assert_eq!(store.left_out(&ShopName::new("other"), 0).await.unwrap(), []);
}
