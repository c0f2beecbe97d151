//! The permission that a call needs, for the error of a key or an app that lacks it.

use crate::{Class, WixError};

/// The permission of each endpoint, by the beginning of its path (Wix: the permissions on the page of each method).
const NEEDED: &[(&str, &str)] = &[
    ("stores/v3/provision/", "SCOPE.STORES.CATALOG_READ_LIMITED"),
    ("stores-reader/", "SCOPE.DC-STORES.READ-PRODUCTS"),
    ("stores/v2/inventoryItems/", "SCOPE.DC-STORES.MANAGE-PRODUCTS"),
    ("stores/v3/inventory-items/", "SCOPE.STORES.INVENTORY_ITEM_READ"),
    ("stores/v3/bulk/inventory-items/", "SCOPE.STORES.INVENTORY_ITEM_WRITE"),
    ("stores/v3/locations/", "SCOPE.STORES.LOCATION_READ"),
    ("stores/v3/products/search-variants", "SCOPE.STORES.PRODUCT_READ"),
];

/// The error of a call to `path`, with the permission that it needs if Wix did not allow it. Wix often names none.
pub(crate) fn with_permission(path: &str, error: WixError) -> WixError {
    let needed = NEEDED.iter().find(|(start, _)| path.starts_with(start)).map(|(_, scope)| scope);
    match needed {
        Some(scope) if error.class == Class::Forbidden => {
            let reason = format!("{}; needs {scope}", error.reason);
            WixError { reason, ..error }
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_forbidden_names_its_permission() {
        let reason = |path, class| with_permission(path, WixError::new(class, "no")).reason;
        let query = "stores/v3/inventory-items/query";
        assert_eq!(reason(query, Class::Forbidden), "no; needs SCOPE.STORES.INVENTORY_ITEM_READ");
        assert_eq!(reason(query, Class::Refused), "no");
        assert_eq!(reason("elsewhere", Class::Forbidden), "no");
        let write = "stores/v3/bulk/inventory-items/update";
        assert!(reason(write, Class::Forbidden).ends_with("INVENTORY_ITEM_WRITE"));
    }
}
