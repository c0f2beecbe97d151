//! The emulator over real HTTP.

#[cfg(test)]
mod access;
#[cfg(test)]
mod actions;
#[cfg(test)]
mod behavior;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod control;
#[cfg(test)]
mod deltas;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod indexes;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod poison;
#[cfg(test)]
mod ranges;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod set;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod shop_file;
#[cfg(test)]
mod store_variants;
#[cfg(test)]
mod v1_products;
#[cfg(test)]
mod v3_catalog;
#[cfg(test)]
mod v3_create;
#[cfg(test)]
mod v3_deltas;
#[cfg(test)]
mod v3_indexes;
#[cfg(test)]
mod v3_product_update;
#[cfg(test)]
mod v3_products;
#[cfg(test)]
mod v3_query;
#[cfg(test)]
mod v3_update;
#[cfg(test)]
mod violations;
