//! What earlier runs did with one SKU.

use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::{LineState, Outcome, RunId, Scope, ShopName, SkipReason, Sku};
use sync::ports::{LineRecord, LineUpdate, NewRun, Sending, Store};

use super::fixtures::{lease, line, new_run, summary};

/// The newest run comes first. Runs that planned nothing or did not cover the SKU are left out.
pub async fn the_history_of_a_sku_is_what_each_run_did_with_it(store: &dyn Store) {
    let (a, b) = (Sku::parse("a").unwrap(), Sku::parse("b").unwrap());
    let only_b = Scope::Skus([b.clone()].into());
    let runs = [("1", Scope::All), ("2", only_b), ("3", Scope::All), ("4", Scope::All)];
    for (at, (id, scope)) in (1..).zip(runs) {
        let mut run = new_run(id, scope);
        run.created_at = at;
        let fence = lease(store, &run).await;
        store.start(&run, &fence, at).await.unwrap();
        let skips = [Skip { sku: "b".into(), reason: SkipReason::Untracked }];
        let plan = match id {
            "1" => Some((vec![line(0, "a"), line(1, "c")], &skips[..])),
            "2" | "3" => Some((vec![line(0, "c")], &skips[..])),
            _ => None,
        };
        if let Some((lines, skips)) = plan {
            store.save_plan(&run.id, &fence, &Facts::default(), &lines, skips).await.unwrap();
            let not_sent = LineUpdate { seq: 0, state: LineState::NotSent, level_after: None, detail: None };
            store.update(&run.id, &fence, at, &[not_sent], &[]).await.unwrap();
        }
        store.finish(&summary(id, Outcome::Converged, 1, at), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
    }
    let shop = ShopName::new("default");
    let of_a = store.sku_records(&shop, &a, 10).await.unwrap();
    let reported: Vec<_> =
        of_a.iter().map(|one| (one.run.run.id.as_str(), one.lines.len(), one.skip)).collect();
    assert_eq!(reported, [("3", 0, None), ("1", 1, None)]);
    assert_eq!(of_a[1].lines[0].state, LineState::NotSent);
    let of_b = store.sku_records(&shop, &b, 2).await.unwrap();
    let reported: Vec<_> =
        of_b.iter().map(|one| (one.run.run.id.as_str(), one.lines.len(), one.skip)).collect();
    let untracked = Some(SkipReason::Untracked);
    assert_eq!(reported, [("3", 0, untracked), ("2", 0, untracked)]);
    assert_eq!(store.sku_records(&ShopName::new("other"), &a, 10).await.unwrap(), []);
}

/// Records a run that planned at `at` and ended.
/// Gives how many of `skips` are new.
async fn planned(
    store: &dyn Store,
    id: &str,
    scope: Scope,
    at: i64,
    lines: &[LineRecord],
    skips: &[Skip],
) -> Option<u64> {
    let run = NewRun { created_at: at, ..new_run(id, scope) };
    let fence = lease(store, &run).await;
    store.start(&run, &fence, at).await.unwrap();
    let new = store.save_plan(&run.id, &fence, &Facts::default(), lines, skips).await.unwrap();
    for record in lines {
        let sending = Sending { batch: 1, sent_at: at, send_before: at + 1, timeout_ms: 1 };
        store.sent(&run.id, &fence, &[record.line.seq], sending).await.unwrap();
    }
    let mut told = summary(id, Outcome::Converged, 1, at);
    told.skipped = skips.to_vec();
    store.finish(&told, &fence).await.unwrap();
    store.release(&fence).await.unwrap();
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().summary, Some(told), "its list is read back");
    new
}

/// What is left alone is read back run by run, however it is kept: of runs of the whole shop and of filtered ones, over
/// attempts, and after older runs were deleted.
pub async fn what_is_left_alone_is_known_for_each_run(store: &dyn Store) {
    use SkipReason::{DuplicateSku, NotInWix, Untracked};
    let skip = |sku: &str, reason| Skip { sku: sku.into(), reason };
    let (a, b) = (skip("a", NotInWix), skip("b", Untracked));
    let plans: [(&str, bool, Vec<Skip>); 8] = [
        ("1", false, vec![a.clone(), b.clone()]),
        ("2", false, vec![a.clone(), b.clone()]),
        ("3", true, vec![skip("c", NotInWix)]),
        ("4", false, vec![skip("a", DuplicateSku), b.clone()]),
        ("5", false, vec![]),
        ("6", true, vec![]),
        ("7", false, vec![a.clone()]),
        ("8", false, vec![a.clone(), skip("c", Untracked)]),
    ];
    let some = Scope::Skus(["a", "c"].map(|sku| Sku::parse(sku).unwrap()).into());
    let mut new = Vec::new();
    for (at, (id, filtered, skips)) in (1..).zip(&plans) {
        let scope = if *filtered { some.clone() } else { Scope::All };
        new.push(planned(store, id, scope, at, &[], skips).await);
    }
    // A SKU with another reason is not new.
    assert_eq!(new, [None, Some(0), None, Some(0), Some(0), None, Some(1), Some(1)]);
    let check = async |from: usize| {
        for (id, _, skips) in &plans[from..] {
            assert_eq!(store.skips(&RunId::new(id)).await.unwrap(), *skips, "run {id}");
        }
    };
    check(0).await;
    let shop = ShopName::new("default");
    let reasons = async |sku: &str| {
        let told = store.sku_records(&shop, &Sku::parse(sku).unwrap(), 10).await.unwrap();
        told.iter().map(|one| (one.run.run.id.to_string(), one.skip)).collect::<Vec<_>>()
    };
    let of_a = [
        ("8", Some(NotInWix)),
        ("7", Some(NotInWix)),
        ("6", None),
        ("5", None),
        ("4", Some(DuplicateSku)),
        ("3", None),
        ("2", Some(NotInWix)),
        ("1", Some(NotInWix)),
    ];
    assert_eq!(reasons("a").await, of_a.map(|(id, reason)| (id.to_owned(), reason)));
    assert_eq!(reasons("c").await[0], ("8".to_owned(), Some(Untracked)));
    assert_eq!(reasons("c").await[5], ("3".to_owned(), Some(NotInWix)));

    // The second attempt at a run leaves other SKUs alone than the first.
    let run = NewRun { durable: true, created_at: 9, ..new_run("9", Scope::All) };
    let fence = lease(store, &run).await;
    store.start(&run, &fence, 9).await.unwrap();
    store.save_plan(&run.id, &fence, &Facts::default(), &[], std::slice::from_ref(&b)).await.unwrap();
    store.hand_back(&run.id, &fence).await.unwrap();
    store.start(&run, &fence, 10).await.unwrap();
    assert_eq!(store.skips(&run.id).await.unwrap(), [], "it has made no plan yet");
    store.save_plan(&run.id, &fence, &Facts::default(), &[], std::slice::from_ref(&a)).await.unwrap();
    store.finish(&summary("9", Outcome::Converged, 1, 10), &fence).await.unwrap();
    assert_eq!(store.skips(&run.id).await.unwrap(), [a]);
    check(0).await;
    while store.prune(5, 1).await.unwrap() > 0 {}
    assert_eq!(store.get(&RunId::new("4")).await.unwrap(), None);
    check(4).await;
}

/// The runs that changed a SKU are found however many did not, and since when there is anything to tell of it.
pub async fn the_last_changes_of_a_sku_are_found(store: &dyn Store) {
    let (shop, a, b) = (ShopName::new("default"), Sku::parse("a").unwrap(), Sku::parse("b").unwrap());
    assert_eq!(store.first_record(&shop, &a).await.unwrap(), None);
    planned(store, "1", Scope::All, 10, &[], &[]).await;
    // The clock was ahead in this run.
    planned(store, "2", Scope::All, 2_000, &[line(0, "a")], &[]).await;
    let not_in_wix = Skip { sku: "b".into(), reason: SkipReason::NotInWix };
    planned(store, "3", Scope::All, 30, &[line(0, "a")], std::slice::from_ref(&not_in_wix)).await;
    planned(store, "4", Scope::All, 40, &[], &[not_in_wix]).await;
    let filtered = Scope::Skus(["c"].map(|sku| Sku::parse(sku).unwrap()).into());
    let untracked = Skip { sku: "c".into(), reason: SkipReason::Untracked };
    planned(store, "5", filtered, 50, &[], &[untracked]).await;
    let changes = async |sku, limit| {
        let found = store.sku_changes(&shop, sku, limit).await.unwrap();
        found.iter().map(|one| (one.run.run.id.to_string(), one.lines.len())).collect::<Vec<_>>()
    };
    assert_eq!(changes(&a, 5).await, [("3".to_owned(), 1), ("2".to_owned(), 1)]);
    assert_eq!(changes(&a, 1).await, [("3".to_owned(), 1)]);
    assert_eq!(changes(&b, 5).await, []);
    assert_eq!(store.first_record(&shop, &a).await.unwrap(), Some(2));
    assert_eq!(store.first_record(&shop, &b).await.unwrap(), Some(3));
    assert_eq!(store.first_record(&shop, &Sku::parse("c").unwrap()).await.unwrap(), Some(5));
    let other = ShopName::new("other");
    assert_eq!(store.sku_changes(&other, &a, 5).await.unwrap(), []);
    assert_eq!(store.first_record(&other, &a).await.unwrap(), None);
}
