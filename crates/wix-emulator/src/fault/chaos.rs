//! Chaos: faults by chance, reproducible by their seed.

mod draw;
mod targets;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use draw::ChaosState;
pub(crate) use targets::NamedListing;

/// Something that happens by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ChaosKind {
    /// A write is lost; no answer.
    LostRequest,
    /// A write is applied; its answer is lost.
    LostReply,
    /// No answer to a write; it is applied later.
    LateApply,
    /// A write gets a 5xx answer, nothing is applied.
    ServerError,
    /// A write gets a 5xx answer, all is applied.
    ServerErrorApplied,
    /// A write gets a 5xx answer and is applied later.
    ServerErrorLate,
    /// A part of a write is applied, then 429.
    PartThenThrottled,
    /// A part of a write is applied, then a 4xx answer.
    PartThenRefused,
    /// A part of a write is applied, then a 5xx answer.
    PartThenServerError,
    /// A read gets a 5xx answer.
    ReadFails,
    /// A read gets no answer.
    ReadLost,
    /// A page lacks a row, or its total is wrong.
    ReadIncomplete,
    /// A read shows older levels.
    StaleRead,
    /// A read is slow.
    SlowRead,
    /// 429; nothing is applied.
    Throttled,
    /// The key is refused for a while.
    KeyRevoked,
    /// All is applied; the answer cannot be read.
    MalformedReply,
    /// Connections are refused for a while.
    ConnectionRefused,
    /// A share of the listings takes no write. The rate counts listings, not requests.
    Poison,
    /// A buyer buys one to three units.
    Sale,
    /// Ten buyers buy at once.
    SaleStorm,
    /// The merchant sets a level.
    Edit,
    /// The merchant adds a product.
    ProductCreated,
    /// The merchant deletes a product.
    ProductDeleted,
    /// Two listings swap their SKUs.
    SkuSwapped,
    /// The merchant switches the tracking of a product.
    TrackingSwitched,
}

/// What a kind of chaos happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Writes,
    Reads,
    AllRequests,
    /// Listings, for as long as chaos lasts.
    Listings,
    /// The shop: an action of a buyer or the merchant goes with the request.
    Actions,
}

impl ChaosKind {
    fn target(self) -> Target {
        match self {
            Self::LostRequest
            | Self::LostReply
            | Self::LateApply
            | Self::ServerError
            | Self::ServerErrorApplied
            | Self::ServerErrorLate
            | Self::PartThenThrottled
            | Self::PartThenRefused
            | Self::PartThenServerError => Target::Writes,
            Self::ReadFails | Self::ReadLost | Self::ReadIncomplete | Self::StaleRead | Self::SlowRead => {
                Target::Reads
            }
            Self::Throttled | Self::KeyRevoked | Self::MalformedReply | Self::ConnectionRefused => {
                Target::AllRequests
            }
            Self::Poison => Target::Listings,
            Self::Sale
            | Self::SaleStorm
            | Self::Edit
            | Self::ProductCreated
            | Self::ProductDeleted
            | Self::SkuSwapped
            | Self::TrackingSwitched => Target::Actions,
        }
    }
}

/// Faults by chance. The same seed and the same requests give the same faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Chaos {
    /// The seed of the random source.
    pub seed: u64,
    /// Chaos ends after this many requests; `None` is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// How often each kind happens, per thousand requests (per thousand listings for poison). The rates of the faults
    /// for reads add up to 1000 at most, and so do those for writes, since a request has one fault at most. Actions are
    /// not part of that sum.
    pub rates: BTreeMap<ChaosKind, u16>,
    /// The shortest and the longest delay of late effects and slow reads, in milliseconds.
    pub delay_ms: [u64; 2],
    /// How old a stale read is, in milliseconds.
    pub lag_ms: u64,
    /// How long a revoked key and refused connections last, in milliseconds.
    pub outage_ms: u64,
}

impl Default for Chaos {
    fn default() -> Self {
        Self {
            seed: 0,
            requests: None,
            rates: BTreeMap::new(),
            delay_ms: [50, 1_000],
            lag_ms: 2_000,
            outage_ms: 500,
        }
    }
}

impl Chaos {
    fn rate(&self, kind: ChaosKind) -> u16 {
        self.rates.get(&kind).copied().unwrap_or(0)
    }

    /// Refuses settings that make no sense; the error says why.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some((kind, rate)) = self.rates.iter().find(|(_, rate)| **rate > 1_000) {
            let name = serde_json::to_string(kind).unwrap_or_default();
            return Err(format!("chaos.rates: {name}: {rate} is more than 1000"));
        }
        for (target, name) in [(Target::Writes, "writes"), (Target::Reads, "reads")] {
            let faults =
                self.rates.iter().filter(|(kind, _)| [target, Target::AllRequests].contains(&kind.target()));
            let sum: u32 = faults.map(|(_, rate)| u32::from(*rate)).sum();
            if sum > 1_000 {
                return Err(format!(
                    "chaos.rates: the sum of all rates for {name} adds up to {sum}, more than 1000"
                ));
            }
        }
        let [least, most] = self.delay_ms;
        if least > most {
            return Err(format!("chaos.delayMs: {least} is more than {most}"));
        }
        Ok(())
    }
}
