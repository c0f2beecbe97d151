//! Ctrl-C and SIGTERM.

use domain::Outcome;
use tokio_util::sync::CancellationToken;

/// A token that the first Ctrl-C or SIGTERM cancels: the run then ends at its next safe point. A second one ends the
/// process at once. `tell` says so to the user at the first one, because a request under way may take a while.
pub(crate) fn stop_on_signal(tell: impl FnOnce() + Send + 'static) -> CancellationToken {
    let stop = CancellationToken::new();
    let (canceled, first) = (stop.clone(), until_signal());
    tokio::spawn(async move {
        first.await;
        canceled.cancel();
        tell();
        until_signal().await;
        // At the second signal, lines whose request is under way stay SENT in the journal.
        leave_at_once();
    });
    stop
}

#[expect(
    clippy::exit,
    reason = "the user has asked twice, and waiting for anything is what they do not want"
)]
fn leave_at_once() -> ! {
    std::process::exit(i32::from(Outcome::Interrupted.exit_code()))
}

/// Waits for Ctrl-C or SIGTERM. A signal counts from the call on, also before the first poll.
pub(crate) fn until_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let caught = {
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::terminate()).ok(), signal(SignalKind::interrupt()).ok())
    };
    async move {
        #[cfg(unix)]
        if let (Some(mut terminate), Some(mut interrupt)) = caught {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            return;
        }
        // Without signals the program is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
