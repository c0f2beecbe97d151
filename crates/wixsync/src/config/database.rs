//! Database URLs. They may hold a password, so they are never shown as they were written.

use std::path::Path;

use messages::Text;
use state::StateUrl;
use warehouse::WarehouseUrl;

use crate::error::Failure;

/// The URL of the state database, from the setting or flag of this name. A relative path counts from `base`.
pub(crate) fn state_url(setting: &str, url: &str, base: &Path) -> Result<StateUrl, Failure> {
    StateUrl::parse(url, base).map_err(|bad| match bad {
        state::BadUrl::Scheme(scheme) => unknown_scheme(setting, &scheme),
        state::BadUrl::Malformed => malformed(setting),
    })
}

/// The URL of the warehouse, from the setting or flag of this name. A relative path counts from `base`.
pub(crate) fn warehouse_url(setting: &str, url: &str, base: &Path) -> Result<WarehouseUrl, Failure> {
    WarehouseUrl::parse(url, base).map_err(|bad| match bad {
        warehouse::BadUrl::Scheme(scheme) => unknown_scheme(setting, &scheme),
        warehouse::BadUrl::Malformed => malformed(setting),
    })
}

fn unknown_scheme(setting: &str, scheme: &str) -> Failure {
    Failure::usage(Text::new("config-database-scheme").with("scheme", scheme).with("setting", setting))
}

fn malformed(setting: &str) -> Failure {
    Failure::usage(Text::new("config-database-url").with("setting", setting))
}
