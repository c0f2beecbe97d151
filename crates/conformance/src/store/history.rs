//! What earlier runs did with one SKU.

use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::{LineState, Outcome, Scope, ShopName, SkipReason, Sku};
use sync::ports::{LineUpdate, Store};

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
