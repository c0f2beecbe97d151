//! Writes a batch as one bulk update, and says what its answer means for each line.

use std::sync::Arc;

use domain::write::settle::NO_REASON;
use domain::{Batch, Line};
use sync::ports::{CallReply, Clock, LineReply, SendGate, ShopError, ShopErrorClass, WriteReply};
use wix::v3::update::{EntryOutcome, NewQuantity};
use wix::{Class, Client, WixError};

use super::items::reading_of;
use super::watch::Watch;
use crate::error::{failed_write, port_error};
use crate::gate::ClientGate;

/// The error text for a line that was planned on a read without revisions.
const NO_REVISION: &str = "a change names no revision";

pub(super) async fn write(
    client: &Client,
    clock: &Arc<dyn Clock>,
    watch: &Watch,
    batch: &Batch,
    gate: &dyn SendGate,
) -> WriteReply {
    let entries: Option<Vec<NewQuantity<'_>>> = batch.lines.iter().map(entry_of).collect();
    let Some(entries) = entries else {
        return WriteReply::NotSent(ShopError::new(ShopErrorClass::Refused, NO_REVISION));
    };
    let gate = ClientGate::new(gate, clock);
    let reply = client.v3_set_quantities(&entries, &gate).await;
    let asked = match gate.close() {
        Ok(asked) => asked,
        Err(error) => return WriteReply::NotCommitted(error),
    };
    tell(watch, &entries, &reply);
    match reply {
        Ok(outcomes) => WriteReply::Sent {
            call: CallReply::Answered,
            lines: batch.lines.iter().zip(outcomes).map(|(line, said)| line_reply(line, said)).collect(),
        },
        Err(error) => failed_call(entries.len(), &error, asked),
    }
}

/// The entry of a line; `None` if it names no revision.
fn entry_of(line: &Line) -> Option<NewQuantity<'_>> {
    let change = &line.change;
    let (item, revision) = (change.inventory_item.as_str(), change.revision?.number());
    Some(NewQuantity { item, revision, quantity: change.target.units() })
}

/// Tells the watch what contradicts the remembered items. Of several entries an answer to the whole call does not say
/// which one is meant.
fn tell(watch: &Watch, entries: &[NewQuantity<'_>], reply: &Result<Vec<EntryOutcome>, WixError>) {
    match (reply, entries) {
        (Ok(outcomes), _) => {
            for (entry, outcome) in entries.iter().zip(outcomes) {
                tell_of_entry(watch, entry, outcome);
            }
        }
        (Err(error), [entry]) => match error.class {
            Class::Conflict => watch.conflict(entry.item),
            Class::NotFound => watch.gone(),
            _ => {}
        },
        (Err(_), _) => {}
    }
}

fn tell_of_entry(watch: &Watch, entry: &NewQuantity<'_>, outcome: &EntryOutcome) {
    match outcome {
        EntryOutcome::Conflict => watch.conflict(entry.item),
        EntryOutcome::Refused { code: Some(code), .. } if code.contains("NOT_FOUND") => watch.gone(),
        _ => {}
    }
}

/// What the answer says of a line. A success that shows no item is read back later. A failure without a reason may be a
/// conflict, so it is the end of a copy only: its item is read before it ends.
fn line_reply(line: &Line, outcome: EntryOutcome) -> LineReply {
    match outcome {
        EntryOutcome::Written(item) => LineReply::Applied(item.as_ref().and_then(reading_of)),
        EntryOutcome::Conflict => LineReply::Conflict,
        EntryOutcome::Refused { code, reason } => LineReply::Refused(refusal(code, reason)),
        EntryOutcome::Failed if line.is_copy => {
            LineReply::Refused(ShopError::new(ShopErrorClass::Refused, NO_REASON))
        }
        EntryOutcome::Failed | EntryOutcome::NotNamed => LineReply::Unknown,
    }
}

/// The error of a refused entry.
pub(super) fn refusal(code: Option<String>, reason: String) -> ShopError {
    let detail = match code {
        Some(code) if reason.is_empty() => code,
        Some(code) => format!("{code}: {reason}"),
        None => reason,
    };
    ShopError::new(ShopErrorClass::Refused, detail)
}

/// A conflict may also be the answer to the whole call: of a single line it is that line's, of several it does not say
/// which one is meant.
fn failed_call(lines: usize, error: &WixError, asked: bool) -> WriteReply {
    match (error.class, lines) {
        (Class::Conflict, 1) => WriteReply::alike(1, CallReply::Answered, LineReply::Conflict),
        (Class::Conflict, _) => {
            WriteReply::alike(lines, CallReply::Refused(port_error(error)), LineReply::Unknown)
        }
        _ => failed_write(lines, error, asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use domain::{Change, InventoryItemId, Level, ListingKey, ProductId, Sku, Target, VariantId};

    fn line(is_copy: bool) -> Line {
        let (level, target) = (Level::new(1).unwrap(), Target::new(2).unwrap());
        let change = Change {
            sku: Sku::parse("A").unwrap(),
            key: ListingKey::new(ProductId::new("p"), VariantId::new("v")),
            inventory_item: InventoryItemId::new("i"),
            level,
            target,
            revision: None,
            delta: target.delta_from(level).unwrap(),
        };
        Line { seq: 1, retry_of: is_copy.then_some(0), is_copy, change }
    }

    /// Without a reason it may be a conflict: that of a first write is planned anew.
    #[test]
    fn a_failure_without_a_reason_refuses_copies_only() {
        assert_eq!(line_reply(&line(false), EntryOutcome::Failed), LineReply::Unknown);
        let refused = LineReply::Refused(ShopError::new(ShopErrorClass::Refused, NO_REASON));
        assert_eq!(line_reply(&line(true), EntryOutcome::Failed), refused);
    }

    #[test]
    fn an_answer_to_the_whole_call_of_a_single_line_reaches_the_watch() {
        let entry = NewQuantity { item: "i", revision: 1, quantity: 2 };
        let item = r#"{"id":"i","revision":"2","variantId":"v","locationId":"l","productId":"p","quantity":1,
            "updatedDate":"2020-01-01T00:00:00Z"}"#;
        let item = serde_json::from_str(item).unwrap();
        for (class, doubts) in [(Class::Conflict, true), (Class::NotFound, true), (Class::Refused, false)] {
            let watch = Watch::default();
            watch.told(1_700_000_000_000, std::collections::HashSet::new());
            tell(&watch, std::slice::from_ref(&entry), &Err(WixError::new(class, "said")));
            watch.seen(&item);
            assert_eq!(watch.doubts(), doubts, "{class:?}");
            let watch = Watch::default();
            watch.told(1_700_000_000_000, std::collections::HashSet::new());
            tell(&watch, &[entry.clone(), entry.clone()], &Err(WixError::new(class, "said")));
            watch.seen(&item);
            assert!(!watch.doubts(), "of several it does not say which");
        }
    }

    #[test]
    fn a_refusal_has_wixs_code_and_reason() {
        let refused = |code: Option<&str>, reason: &str| {
            let outcome = EntryOutcome::Refused { code: code.map(str::to_owned), reason: reason.to_owned() };
            match line_reply(&line(false), outcome) {
                LineReply::Refused(error) => error.detail,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(Some("C"), "why"), "C: why");
        assert_eq!(refused(Some("C"), ""), "C");
        assert_eq!(refused(None, "why"), "why");
    }

    #[test]
    fn a_conflict_of_the_whole_call_is_that_of_a_single_line_only() {
        let conflict = WixError { status: Some(409), ..WixError::new(Class::Conflict, "changed") };
        let WriteReply::Sent { call, lines } = failed_call(1, &conflict, true) else { panic!() };
        assert_eq!((call, lines), (CallReply::Answered, vec![LineReply::Conflict]));
        let WriteReply::Sent { call, lines } = failed_call(2, &conflict, true) else { panic!() };
        assert!(matches!(call, CallReply::Refused(_)));
        assert_eq!(lines, [LineReply::Unknown, LineReply::Unknown]);
    }
}
