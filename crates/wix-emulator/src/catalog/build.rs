//! Building a product of the catalog from a product of the shop file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use uuid::Uuid;

use super::guid::{
    Guid, IMPLICIT_VARIANT, item_id_at, numeric_id_at, plain_variant_id_at, product_id_at, stock_item_id_at,
    variant_id_at,
};
use super::item::{DEFAULT_LOCATION, Item};
use super::limits::{MAX_QUANTITY, check_sku};
use super::location::Location;
use super::product::{Choice, Details, Product, Variant};
use super::timestamp::Timestamp;
use crate::shop_file::{OptionData, ProductData, VariantData};

const MAX_MANAGED: usize = 300;
const MAX_CHOICES: usize = 1_000;
const MAX_OPTIONS: usize = 6;
const MAX_PRICE: f64 = 999_999_999.99;
/// 2026-01-01T00:00:00Z, the time of the product at position 0; each position is one second later.
const FIRST_TIME: i64 = 1_767_225_600_000;

/// What is wrong with a product, collected while it is built.
#[derive(Default)]
struct Defects(Vec<String>);

impl Defects {
    fn add(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }

    fn guid(&mut self, what: &str, text: Option<&String>, generated: Uuid) -> Uuid {
        let Some(text) = text else { return generated };
        text.guid().unwrap_or_else(|| {
            self.add(format!("{what} {text:?} is not a GUID"));
            generated
        })
    }

    fn time(&mut self, what: &str, text: Option<&String>, generated: Timestamp) -> Timestamp {
        let Some(text) = text else { return generated };
        Timestamp::parse(text).unwrap_or_else(|| {
            self.add(format!("{what} {text:?} is not an RFC 3339 time"));
            generated
        })
    }

    fn quantity(&mut self, of: &str, quantity: Option<i64>) -> i64 {
        let quantity = quantity.unwrap_or(0);
        if !(0..=MAX_QUANTITY).contains(&quantity) {
            self.add(format!("quantity {quantity}{of} is outside 0..={MAX_QUANTITY}"));
        }
        quantity
    }

    fn sku(&mut self, sku: &str) {
        if let Err(what) = check_sku(sku) {
            self.add(what);
        }
    }

    /// An amount of money, or a weight.
    fn amount(&mut self, what: &str, amount: f64) -> f64 {
        if !(0.0..=MAX_PRICE).contains(&amount) {
            self.add(format!("{what} {amount} is outside 0..={MAX_PRICE}"));
        }
        amount
    }

    fn length(&mut self, what: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min || length > max {
            self.add(format!("{what} has {length} characters, {min} to {max} are allowed"));
        }
    }
}

/// Builds the product at this position, or lists everything that is wrong with it.
pub(crate) fn build(
    data: &ProductData,
    position: usize,
    locations: &[Location],
) -> Result<Product, Vec<String>> {
    let mut defects = Defects::default();
    let managed = data.manage_variants.unwrap_or(!data.variants.is_empty());
    let name = name(data, position);
    check_product(data, managed, &name, &mut defects);
    let shown = choices(data, position, managed, &mut defects);
    let generated = time_at(position);
    let created = defects.time("createdDate", data.created_date.as_ref(), generated);
    let updated = defects.time("lastUpdated", data.last_updated.as_ref(), generated);
    let shelf = Shelf { data, position, locations, created, updated };
    let variants = if managed {
        managed_variants(&shelf, &shown, &mut defects)
    } else {
        vec![implicit_variant(&shelf, &mut defects)]
    };
    let product = Product {
        id: defects.guid("id", data.id.as_ref(), product_id_at(position)),
        item_id: defects.guid("inventoryItemId", data.inventory_item_id.as_ref(), item_id_at(position)),
        numeric_id: numeric_id(data, position, &mut defects),
        slug: data.slug.clone().unwrap_or_else(|| slug(&name)),
        name,
        description: data.description.clone(),
        visible: data.visible,
        kind: data.product_type,
        price: data.price,
        collection_ids: data.collection_ids.clone(),
        options: options(data, &shown),
        manage_variants: managed,
        choices: if managed { Vec::new() } else { shown },
        variants,
        created,
        updated,
        revision: 1,
        item_updated: updated,
        past: VecDeque::new(),
    };
    if defects.0.is_empty() { Ok(product) } else { Err(defects.0) }
}

fn check_product(data: &ProductData, managed: bool, name: &str, defects: &mut Defects) {
    defects.length("name", name, 1, 80);
    defects.length("description", &data.description, 0, 8_000);
    defects.sku(&data.sku);
    defects.amount("price", data.price);
    if data.product_options.len() > MAX_OPTIONS {
        defects.add(format!("{} options, {MAX_OPTIONS} are allowed", data.product_options.len()));
    }
    if !managed {
        return;
    }
    if data.variants.is_empty() {
        defects.add("manageVariants is true, but there are no variants");
    }
    if data.variants.len() > MAX_MANAGED {
        defects.add(format!("{} managed variants, {MAX_MANAGED} are allowed", data.variants.len()));
    }
    if !data.sku.is_empty() || data.quantity.is_some() || !data.elsewhere.is_empty() {
        defects.add("with managed variants, sku, quantity and elsewhere belong on the variants");
    }
    if data.variant_id.is_some() {
        defects.add("with managed variants, each variant has its id");
    }
}

fn name(data: &ProductData, position: usize) -> String {
    match &data.name {
        Some(name) => name.clone(),
        None if data.sku.is_empty() => format!("Product {}", position + 1),
        None => data.sku.clone(),
    }
}

fn slug(name: &str) -> String {
    let dashed = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn time_at(position: usize) -> Timestamp {
    let seconds = i64::try_from(position).unwrap_or(0);
    Timestamp::from_millis(FIRST_TIME + seconds * 1_000)
}

fn numeric_id(data: &ProductData, position: usize, defects: &mut Defects) -> u128 {
    let generated = numeric_id_at(position);
    let Some(text) = &data.numeric_id else { return generated };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).unwrap_or_else(|| {
        defects.add(format!("numericId {text:?} is not a number of up to 38 digits"));
        generated
    })
}

/// The `variants` of the file. When there are none and variants are not managed, all combinations of the options.
fn choices(data: &ProductData, position: usize, managed: bool, defects: &mut Defects) -> Vec<Choice> {
    let given: Vec<BTreeMap<String, String>> = if data.variants.is_empty() && !managed {
        combinations(&data.product_options)
    } else {
        let numbered = |place: usize| BTreeMap::from([("Variant".to_owned(), (place + 1).to_string())]);
        let fill = |(place, variant): (usize, &VariantData)| {
            if variant.choices.is_empty() { numbered(place) } else { variant.choices.clone() }
        };
        data.variants.iter().enumerate().map(fill).collect()
    };
    if given.len() > MAX_CHOICES {
        defects.add(format!("{} variants, {MAX_CHOICES} are allowed", given.len()));
    }
    let (mut ids, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Vec::with_capacity(given.len());
    for (place, choices) in given.into_iter().enumerate() {
        let variant = data.variants.get(place);
        let id =
            defects.guid("variant id", variant.and_then(|v| v.id.as_ref()), variant_id_at(position, place));
        if id == IMPLICIT_VARIANT || !ids.insert(id) {
            defects.add(format!("variant id {id} is used twice, or all zeros"));
        }
        if !seen.insert(choices.clone()) {
            defects.add(format!("two variants have the choices {choices:?}"));
        }
        rows.push(Choice { id, choices, visible: variant.is_none_or(|v| v.visible) });
    }
    let has_stock = |v: &VariantData| {
        !v.sku.is_empty()
            || v.quantity.is_some()
            || v.track_inventory.is_some()
            || !v.inventory_item
            || !v.elsewhere.is_empty()
    };
    if !managed && data.variants.iter().any(has_stock) {
        defects.add("without managed variants, sku and stock belong on the product");
    }
    rows
}

/// All combinations of the options' choices. A list that is too long is cut one above the limit, so that it is refused.
fn combinations(options: &[OptionData]) -> Vec<BTreeMap<String, String>> {
    if options.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![BTreeMap::new()];
    for option in options {
        let extend = |row: &BTreeMap<String, String>| {
            let row = row.clone();
            option.choices.iter().map(move |choice| {
                let mut longer = row.clone();
                longer.insert(option.name.clone(), choice.clone());
                longer
            })
        };
        rows = rows.iter().flat_map(extend).take(MAX_CHOICES + 1).collect();
    }
    rows
}

/// What all variants of a product need to build their items.
struct Shelf<'d> {
    data: &'d ProductData,
    position: usize,
    locations: &'d [Location],
    created: Timestamp,
    updated: Timestamp,
}

/// The stock of one variant as the file gives it.
struct Stock<'d> {
    /// Its index in the product.
    variant: usize,
    tracked: bool,
    exists: bool,
    quantity: i64,
    available: bool,
    elsewhere: &'d BTreeMap<String, i64>,
}

impl Shelf<'_> {
    /// The items of a variant: that of the default location, and those of the others.
    fn items(&self, stock: &Stock<'_>, defects: &mut Defects) -> (Item, Vec<Item>) {
        let item = |location: usize, quantity: i64| Item {
            id: stock_item_id_at(self.position, stock.variant, location),
            location,
            exists: true,
            revision: 1,
            created: self.created,
            updated: self.updated,
            tracked: stock.tracked,
            quantity,
            in_stock: stock.available,
            preorder: None,
        };
        let mut elsewhere = Vec::with_capacity(stock.elsewhere.len());
        for (name, quantity) in stock.elsewhere {
            let quantity = defects.quantity(&format!(" at {name:?}"), Some(*quantity));
            match self.locations.iter().position(|location| location.name == *name) {
                None => defects.add(format!("there is no location {name:?}")),
                Some(DEFAULT_LOCATION) => {
                    defects.add(format!("{name:?} is the default location: use quantity"));
                }
                Some(location) => elsewhere.push(item(location, quantity)),
            }
        }
        let mut main = item(DEFAULT_LOCATION, stock.quantity);
        main.exists = stock.exists;
        // A variant without an inventory item has no level.
        main.tracked &= stock.exists;
        (main, elsewhere)
    }
}

fn managed_variants(shelf: &Shelf<'_>, shown: &[Choice], defects: &mut Defects) -> Vec<Variant> {
    let data = shelf.data;
    let mut variants = Vec::with_capacity(shown.len());
    for (index, (row, given)) in shown.iter().zip(&data.variants).enumerate() {
        defects.sku(&given.sku);
        let of = if given.sku.is_empty() { String::new() } else { format!(" of variant {:?}", given.sku) };
        let stock = Stock {
            variant: index,
            tracked: given.track_inventory.unwrap_or(data.track_inventory),
            exists: data.inventory_item && given.inventory_item,
            quantity: defects.quantity(&of, given.quantity),
            available: given.in_stock,
            elsewhere: &given.elsewhere,
        };
        let (item, elsewhere) = shelf.items(&stock, defects);
        variants.push(Variant {
            id: row.id,
            v3_id: row.id,
            choices: row.choices.clone(),
            sku: given.sku.clone(),
            visible: given.visible,
            price: given.price.map(|price| defects.amount(&format!("price{of}"), price)),
            details: details(
                &given.barcode,
                [given.compare_at_price, given.weight, given.cost],
                &of,
                defects,
            ),
            item,
            elsewhere,
        });
    }
    variants
}

/// The details of a variant; `of` names it.
fn details(
    barcode: &str,
    [compare_at_price, weight, cost]: [Option<f64>; 3],
    of: &str,
    defects: &mut Defects,
) -> Option<Box<Details>> {
    defects.length(&format!("barcode{of}"), barcode, 0, 40);
    let mut amount =
        |name: &str, amount: Option<f64>| amount.map(|amount| defects.amount(&format!("{name}{of}"), amount));
    let details = Details {
        barcode: barcode.to_owned(),
        compare_at_price: amount("compareAtPrice", compare_at_price),
        weight: amount("weight", weight),
        cost: amount("cost", cost),
    };
    (details != Details::default()).then(|| Box::new(details))
}

fn implicit_variant(shelf: &Shelf<'_>, defects: &mut Defects) -> Variant {
    let data = shelf.data;
    let stock = Stock {
        variant: 0,
        tracked: data.track_inventory,
        exists: data.inventory_item,
        quantity: defects.quantity("", data.quantity),
        available: data.in_stock,
        elsewhere: &data.elsewhere,
    };
    let (item, elsewhere) = shelf.items(&stock, defects);
    let generated = plain_variant_id_at(shelf.position);
    Variant {
        id: IMPLICIT_VARIANT,
        v3_id: defects.guid("variantId", data.variant_id.as_ref(), generated),
        choices: BTreeMap::new(),
        sku: data.sku.clone(),
        visible: true,
        price: None,
        details: details(&data.barcode, [data.compare_at_price, data.weight, data.cost], "", defects),
        item,
        elsewhere,
    }
}

fn options(data: &ProductData, shown: &[Choice]) -> Vec<OptionData> {
    if !data.product_options.is_empty() {
        return data.product_options.clone();
    }
    let mut found: Vec<OptionData> = Vec::new();
    for (name, choice) in shown.iter().flat_map(|row| &row.choices) {
        match found.iter_mut().find(|option| option.name == *name) {
            Some(option) if option.choices.contains(choice) => {}
            Some(option) => option.choices.push(choice.clone()),
            None => found.push(OptionData { name: name.clone(), choices: vec![choice.clone()] }),
        }
    }
    found
}
