//! The shop on Catalog V1, over real HTTP against the emulator, keeps every promise of the shop port.

#[cfg(test)]
mod emulated;

use emulated::EmulatedShop;

conformance::shop_tests!(EmulatedShop);
