//! Database URLs. They may hold a password, so they are never shown as they were written.

use std::path::Path;

use messages::Text;
use state::StateUrl;
use sync::ports::BadUrl;
use warehouse::WarehouseUrl;

use crate::error::Failure;

/// The URL of the state database, from the setting or flag of this name. A relative path counts from `base`.
pub(crate) fn state_url(setting: &str, url: &str, base: &Path) -> Result<StateUrl, Failure> {
    StateUrl::parse(url, base).map_err(|bad| refusal(setting, &bad, "sqlite://state.db"))
}

/// The URL of the warehouse, from the setting or flag of this name. A relative path counts from `base`.
pub(crate) fn warehouse_url(setting: &str, url: &str, base: &Path) -> Result<WarehouseUrl, Failure> {
    WarehouseUrl::parse(url, base).map_err(|bad| refusal(setting, &bad, WAREHOUSES))
}

/// The kinds of addresses that a warehouse may have.
const WAREHOUSES: &str =
    "sqlite://warehouse.db, postgres://user:password@host/database, mysql://user:password@host/database";

fn refusal(setting: &str, bad: &BadUrl, examples: &str) -> Failure {
    let text = match bad {
        BadUrl::Scheme(scheme) => Text::new("config-database-scheme").with("scheme", scheme),
        BadUrl::Malformed => Text::new("config-database-url"),
        BadUrl::NoDatabase => Text::new("config-database-name"),
    };
    let text = text.with("examples", examples);
    Failure::usage(text.with("setting", setting))
}
