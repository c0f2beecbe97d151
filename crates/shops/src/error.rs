//! Translates errors of the Wix client to errors of the port.

use sync::ports::{ShopError, ShopErrorClass, WriteReply};
use wix::{Class, WixError};

pub(crate) fn port_error(error: &WixError) -> ShopError {
    ShopError::new(port_class(error.class), error.to_string())
}

/// The reply for a failed write (I2). A 429 or a server error does not say whether anything was applied before it.
/// Where the client did not ask the gate, nothing left.
pub(crate) fn failed_write(lines: usize, error: &WixError, asked: bool) -> WriteReply {
    let failure = port_error(error);
    if !asked {
        return WriteReply::NotSent(failure);
    }
    match error.class {
        Class::NotSent | Class::TooLate => WriteReply::NotSent(failure),
        Class::Unauthorised
        | Class::Forbidden
        | Class::NotFound
        | Class::WrongCatalog
        | Class::NotInstalled
        | Class::Conflict
        | Class::Refused => WriteReply::refused(lines, failure),
        // A site that is being set up refuses every line alike, so halving the call would lead nowhere.
        Class::NoAnswer
        | Class::ServerError
        | Class::Throttled
        | Class::Blocked
        | Class::Malformed
        | Class::Redirected
        | Class::Incomplete
        | Class::Provisioning => WriteReply::unclear(lines, failure),
    }
}

fn port_class(class: Class) -> ShopErrorClass {
    match class {
        Class::NotSent => ShopErrorClass::Unreachable,
        Class::NoAnswer => ShopErrorClass::NoAnswer,
        Class::ServerError => ShopErrorClass::ServerError,
        Class::Throttled => ShopErrorClass::Throttled,
        Class::Blocked => ShopErrorClass::Blocked,
        Class::Unauthorised => ShopErrorClass::Unauthorised,
        Class::Forbidden => ShopErrorClass::Forbidden,
        Class::NotFound => ShopErrorClass::NotFound,
        Class::WrongCatalog => ShopErrorClass::CatalogChanged,
        Class::Provisioning => ShopErrorClass::CatalogProvisioning,
        Class::NotInstalled => ShopErrorClass::StoresNotInstalled,
        Class::Refused | Class::Conflict => ShopErrorClass::Refused,
        Class::Malformed => ShopErrorClass::Malformed,
        Class::Redirected => ShopErrorClass::Redirected,
        Class::Incomplete => ShopErrorClass::Incomplete,
        Class::TooLate => ShopErrorClass::TooLate,
    }
}
