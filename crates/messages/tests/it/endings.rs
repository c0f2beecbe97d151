//! The sentence with which a run ends is true for every outcome and every count.

use std::collections::BTreeMap;

use domain::plan::Facts;
use domain::run::report::{Counters, LineError};
use domain::run::{Outcome, RunKind, RunSummary};
use domain::write::another_writer::AnotherWriter;
use domain::write::settle::{LEFT_OUT, NO_CHANGE_SHOWN, NO_REASON, NOT_NAMED};
use domain::{LineState, RunId, ShopName, SkipReason, Sku};
use messages::{Lang, Messages};

fn summary(outcome: Outcome, kind: RunKind, counters: Counters, left_out: u64) -> RunSummary {
    let left_out = BTreeMap::from([(SkipReason::UnknownSku, left_out)]);
    RunSummary {
        run_id: RunId::new("r"),
        shop: ShopName::new("default"),
        kind,
        dry_run: false,
        outcome,
        failure: None,
        trips: Vec::new(),
        facts: Facts::default(),
        counters,
        another_writer: None,
        back_on_sale: 0,
        skipped_total: left_out.values().sum(),
        skipped_new: None,
        near_misses_total: 0,
        near_misses: Vec::new(),
        misspelled: Vec::new(),
        unmatched_warehouses: Vec::new(),
        skipped_by_reason: left_out,
        skipped: Vec::new(),
        errors: Vec::new(),
        stale: Vec::new(),
        notes_total: 0,
        notes: Vec::new(),
        batches: 0,
        requests: 0,
        waited_ms: 0,
        reading: None,
        duration_ms: 0,
        finished_at: 0,
        state: String::new(),
    }
}

/// Every mix of these counts in every state that a line may end in.
fn mixes() -> impl Iterator<Item = Counters> {
    const COUNTS: [u64; 3] = [0, 1, 23];
    (0..COUNTS.len().pow(6)).map(|mut n| {
        let mut next = || {
            let count = COUNTS.get(n % COUNTS.len()).copied().unwrap_or_default();
            n /= COUNTS.len();
            count
        };
        let mut c = Counters {
            verified: next(),
            converged: next(),
            rejected: next(),
            suspect: next(),
            not_sent: next(),
            skipped_in_apply: next(),
            ..Counters::default()
        };
        c.planned = c.executed() + c.errors() + c.not_sent + c.skipped_in_apply;
        c
    })
}

/// A claim, as both languages word it, and whether it is true.
fn claims(c: &Counters, outcome: Outcome) -> [(&'static str, &'static str, bool); 6] {
    let sent = c.executed() + c.errors() > 0;
    let tells_parts = outcome == Outcome::Partial || sent;
    [
        ("Nothing was written", "ничего не записано", !sent && outcome != Outcome::Partial),
        ("Wix refused", "Wix отклонил", tells_parts && c.rejected > 0),
        ("not confirmed", "не подтвержден", tells_parts && c.suspect > 0),
        ("not sent", "не отправлен", tells_parts && c.not_sent > 0),
        ("left out", "пропущен", tells_parts && c.skipped_in_apply > 0),
        ("In the shop: ", "Изменений в магазине: ", sent && outcome != Outcome::Partial),
    ]
}

#[test]
fn every_ending_claims_what_is_true_and_nothing_else() {
    let mut seen = 0;
    for outcome in [Outcome::Partial, Outcome::Failed, Outcome::Interrupted] {
        for counters in mixes() {
            let of_nothing = counters.planned == 0 && outcome == Outcome::Partial;
            if of_nothing {
                continue;
            }
            for lang in Lang::ALL {
                let summary = summary(outcome, RunKind::Sync, counters, 0);
                let text = Messages::new(*lang).ending(&summary, true).unwrap();
                for (english, russian, is_true) in claims(&counters, outcome) {
                    let claim = if *lang == Lang::En { english } else { russian };
                    assert_eq!(text.contains(claim), is_true, "{claim:?} for {counters:?}: {text}");
                }
                let names_none = text.split(|c: char| !c.is_ascii_digit()).all(|number| number != "0");
                let none_done = counters.executed() == 0 && text.contains(": 0 ");
                assert!(names_none || none_done, "{counters:?}: {text}");
                seen += 1;
            }
        }
    }
    assert!(seen > 4_000, "only {seen} endings were read");
}

fn said(lang: Lang, outcome: Outcome, kind: RunKind, counters: Counters, left_out: u64) -> String {
    Messages::new(lang).ending(&summary(outcome, kind, counters, left_out), true).unwrap_or_default()
}

#[test]
fn endings_of_runs_that_sent_nothing_word_for_word() {
    let none = Counters::default();
    let unsent = Counters { planned: 39, not_sent: 39, ..none };
    let nothing = ("Nothing was written to the shop.", "В магазин ничего не записано.");
    for (outcome, kind, counters, (english, russian)) in [
        (Outcome::Converged, RunKind::Sync, none, ("", "")),
        (Outcome::Planned, RunKind::Plan, unsent, ("", "")),
        (Outcome::HeldByGuard, RunKind::Sync, unsent, ("", "")),
        (Outcome::Failed, RunKind::Sync, unsent, nothing),
    ] {
        assert_eq!(said(Lang::En, outcome, kind, counters, 0), english);
        assert_eq!(said(Lang::Ru, outcome, kind, counters, 0), russian);
    }
}

#[test]
fn endings_word_for_word() {
    let none = Counters::default();
    let all_stale = Counters { planned: 39, skipped_in_apply: 39, ..none };
    let mixed = Counters { planned: 40, verified: 36, rejected: 1, suspect: 2, not_sent: 1, ..none };
    for (outcome, kind, counters, left_out, english, russian) in [
        (
            Outcome::Converged,
            RunKind::Apply,
            all_stale,
            0,
            "Wix already shows every quantity of the plan; nothing was sent.",
            "Wix уже показывает всё, что было в плане; ничего не отправлено.",
        ),
        (
            Outcome::Partial,
            RunKind::Set,
            none,
            1,
            "Exit code 3: the run finished (status: success), but 1 of the named SKUs was skipped",
            "Код завершения 3: запуск дошёл до конца (status: success), но 1 названный артикул пропущен",
        ),
        (
            Outcome::Partial,
            RunKind::Apply,
            all_stale,
            5,
            "Exit code 3: the run finished (status: success), but 39 changes were left out, because they are no longer needed or no longer valid",
            "Код завершения 3: запуск дошёл до конца (status: success), но 39 изменений пропущено: они уже не нужны или больше не подходят",
        ),
        (
            Outcome::Partial,
            RunKind::Sync,
            mixed,
            0,
            "Exit code 3: the run finished (status: success), but Wix refused 1 change; 2 changes were sent, but are not confirmed in the shop; 1 change was not sent",
            "Код завершения 3: запуск дошёл до конца (status: success), но Wix отклонил 1 изменение; 2 изменения отправлены, но не подтверждены в магазине; 1 изменение не отправлено",
        ),
        (
            Outcome::Interrupted,
            RunKind::Sync,
            mixed,
            0,
            "In the shop: 36 of 40 planned changes; Wix refused 1 change; 2 changes were sent, but are not confirmed in the shop; 1 change was not sent. Start it again at any time. The next run first checks what was sent, then continues from what Wix shows.",
            "Изменений в магазине: 36 из 40; Wix отклонил 1 изменение; 2 изменения отправлены, но не подтверждены в магазине; 1 изменение не отправлено. Запустите снова в любое время. Следующий запуск сначала проверит отправленное, затем продолжит с того, что покажет Wix.",
        ),
    ] {
        assert_eq!(said(Lang::En, outcome, kind, counters, left_out), english);
        assert_eq!(said(Lang::Ru, outcome, kind, counters, left_out), russian);
    }
}

/// A task that crashed may have written in an earlier attempt, of which the summary tells nothing.
#[test]
fn a_later_attempt_does_not_say_that_nothing_was_written() {
    for outcome in [Outcome::Failed, Outcome::Interrupted] {
        let summary = summary(outcome, RunKind::Sync, Counters::default(), 0);
        let text = Messages::default().ending(&summary, false).unwrap();
        assert!(!text.contains("Nothing was written"), "{text}");
    }
}

/// A run whose lines all look well may be partial all the same: another program made its changes too.
#[test]
fn a_run_beside_another_program_says_why_it_is_partial() {
    let counters = Counters { planned: 3, moved_since: 3, ..Counters::default() };
    let ended = RunSummary {
        another_writer: Some(AnotherWriter { lines: 3, of: 3 }),
        ..summary(Outcome::Partial, RunKind::Sync, counters, 0)
    };
    for (lang, due) in [
        (Lang::En, "Exit code 3: the run finished (status: success), but another program made 3 changes too"),
        (
            Lang::Ru,
            "Код завершения 3: запуск дошёл до конца (status: success), но 3 изменения сделала ещё и другая программа",
        ),
    ] {
        assert_eq!(Messages::new(lang).ending(&ended, true).as_deref(), Some(due));
    }
}

/// The detail of a line may be a code of ours: it is told as a sentence wherever the line is shown.
#[test]
fn a_detail_that_is_a_code_is_told_as_a_sentence() {
    let details = [
        (LineState::Unresolved, LEFT_OUT),
        (LineState::Unresolved, NOT_NAMED),
        (LineState::Suspect, NO_CHANGE_SHOWN),
        (LineState::Rejected, NO_REASON),
    ];
    for lang in Lang::ALL {
        let messages = Messages::new(*lang);
        for (state, detail) in details {
            let error = LineError { sku: Sku::parse("A").unwrap(), state, detail: detail.to_owned() };
            let told = messages.line_error(&error);
            assert!(told.contains(' ') && !told.contains(detail), "{told}");
            assert_eq!(messages.line_detail(state, Some(detail)), Some(told));
        }
    }
}
