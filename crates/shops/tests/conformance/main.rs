//! The shop on each catalog, over real HTTP against the emulator, keeps every promise of the shop port.

#[cfg(test)]
mod emulated;
#[cfg(test)]
mod moved;
#[cfg(test)]
mod unnamed;

#[cfg(test)]
mod v1 {
    use crate::emulated::{EmulatedShop, V1};

    conformance::shop_tests!(EmulatedShop<V1>);
}

#[cfg(test)]
mod v3 {
    use crate::emulated::{EmulatedShop, V3};

    conformance::shop_tests!(EmulatedShop<V3>);
}
