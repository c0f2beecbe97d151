//! Imports stock lists from watched folders and web addresses.

use std::sync::Arc;

use api_types::ImportsReport;
use domain::UnixMillis;

use super::{Activation, BackgroundTask, Next, Role, Setup};
use crate::ListIntake;

/// Looks at every source once per activation.
pub(super) struct Imports {
    intake: Arc<dyn ListIntake>,
}

impl BackgroundTask for Imports {
    const NAME: &'static str = "imports";
    const DESCRIPTION: &'static str = "Imports stock lists from watched folders and web addresses";
    type Report = ImportsReport;

    /// Two processes would take the same file.
    fn new(setup: &Setup) -> Option<Self> {
        let intake = setup.service.intake.clone().filter(|_| setup.role == Role::Serve)?;
        Some(Self { intake })
    }

    async fn activate(&self, _: UnixMillis) -> Activation<ImportsReport> {
        let looked = self.intake.look().await;
        let report = Some(ImportsReport { imported: looked.imported, refused: looked.refused });
        let next = Next::After(i64::try_from(looked.next.as_millis()).unwrap_or(i64::MAX));
        Activation { report, error: looked.error, next }
    }
}
