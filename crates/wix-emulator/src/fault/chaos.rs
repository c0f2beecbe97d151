//! A bad day by seed: how often what goes wrong.

mod luck;
mod victims;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use luck::Luck;

/// Something that chance does.
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
    /// A read takes its time.
    SlowRead,
    /// 429; nothing is applied.
    Throttled,
    /// The key is not accepted for a while.
    KeyRevoked,
    /// All is applied; the answer cannot be read.
    MalformedReply,
    /// Connections are refused for a while.
    ConnectionRefused,
    /// Of a thousand listings, so many take no write.
    Poison,
    /// A buyer buys one to three units.
    Sale,
    /// Ten buyers at once.
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

/// Which requests something can happen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Writes,
    Reads,
    Both,
    /// Not a request's fate, but a listing's.
    Standing,
    /// Somebody else acts beside any request.
    Acts,
}

impl ChaosKind {
    fn class(self) -> Class {
        match self {
            Self::LostRequest
            | Self::LostReply
            | Self::LateApply
            | Self::ServerError
            | Self::ServerErrorApplied
            | Self::ServerErrorLate
            | Self::PartThenThrottled
            | Self::PartThenRefused
            | Self::PartThenServerError => Class::Writes,
            Self::ReadFails | Self::ReadLost | Self::ReadIncomplete | Self::StaleRead | Self::SlowRead => {
                Class::Reads
            }
            Self::Throttled | Self::KeyRevoked | Self::MalformedReply | Self::ConnectionRefused => {
                Class::Both
            }
            Self::Poison => Class::Standing,
            Self::Sale
            | Self::SaleStorm
            | Self::Edit
            | Self::ProductCreated
            | Self::ProductDeleted
            | Self::SkuSwapped
            | Self::TrackingSwitched => Class::Acts,
        }
    }
}

/// Faults by chance. The same seed and the same requests give the same day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Chaos {
    /// What all throws come from.
    pub seed: u64,
    /// The day ends after so many requests; `None` is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// How many of a thousand requests (or listings, for poison) each thing happens to. What befalls one kind of
    /// request adds up to a thousand at most, for a request meets one fate; acts of others come on top.
    pub rates: BTreeMap<ChaosKind, u16>,
    /// The shortest and the longest time that late effects and slow reads take, in milliseconds.
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

    /// What is wrong with it, if it could not have been meant.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some((kind, rate)) = self.rates.iter().find(|(_, rate)| **rate > 1_000) {
            let name = serde_json::to_string(kind).unwrap_or_default();
            return Err(format!("chaos.rates: {name}: {rate} is more than a thousand in a thousand"));
        }
        for (class, what) in [(Class::Writes, "writes"), (Class::Reads, "reads")] {
            let fates = self.rates.iter().filter(|(kind, _)| [class, Class::Both].contains(&kind.class()));
            let sum: u32 = fates.map(|(_, rate)| u32::from(*rate)).sum();
            if sum > 1_000 {
                return Err(format!(
                    "chaos.rates: what befalls {what} adds up to {sum}, more than a thousand"
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
