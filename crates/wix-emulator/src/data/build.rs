//! From a product of the shop file to a product of the catalog.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use uuid::Uuid;

use super::{MAX_QUANTITY, MAX_SKU, OptionData, ProductData, VariantData};
use crate::catalog::{Choice, Preorder, Product, Variant};
use crate::guid::{Guid, IMPLICIT_VARIANT, made_item, made_numeric_id, made_product, made_variant};
use crate::stamp::Stamp;

const MAX_MANAGED: usize = 300;
const MAX_CHOICES: usize = 1_000;
const MAX_OPTIONS: usize = 6;
const MAX_PRICE: f64 = 999_999_999.99;
/// 2026-01-01T00:00:00Z, the time of the product at position 0; each position is one second later.
const FIRST_STAMP: i64 = 1_767_225_600_000;

/// What is wrong with a product, collected while it is built.
#[derive(Default)]
struct Wrongs(Vec<String>);

impl Wrongs {
    fn add(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }

    fn guid(&mut self, what: &str, text: Option<&String>, made: Uuid) -> Uuid {
        let Some(text) = text else { return made };
        text.guid().unwrap_or_else(|| {
            self.add(format!("{what} {text:?} is not a GUID"));
            made
        })
    }

    fn stamp(&mut self, what: &str, text: Option<&String>, made: Stamp) -> Stamp {
        let Some(text) = text else { return made };
        Stamp::parse(text).unwrap_or_else(|| {
            self.add(format!("{what} {text:?} is not an RFC 3339 time"));
            made
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

    fn length(&mut self, what: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min || length > max {
            self.add(format!("{what} has {length} characters, {min} to {max} are allowed"));
        }
    }
}

/// A SKU has at most 40 characters.
pub(crate) fn check_sku(sku: &str) -> Result<(), String> {
    let length = sku.chars().count();
    if length > MAX_SKU {
        return Err(format!("SKU {sku:?} has {length} characters, {MAX_SKU} are allowed"));
    }
    Ok(())
}

/// Builds the product at this position, or says all that is wrong with it.
pub(crate) fn build(data: &ProductData, position: usize) -> Result<Product, Vec<String>> {
    let mut wrongs = Wrongs::default();
    let managed = data.manage_variants.unwrap_or(!data.variants.is_empty());
    let name = name(data, position);
    check_product(data, managed, &name, &mut wrongs);
    let shown = choices(data, position, managed, &mut wrongs);
    let variants = if managed {
        managed_variants(data, &shown, &mut wrongs)
    } else {
        vec![implicit_variant(data, &mut wrongs)]
    };
    let made = made_stamp(position);
    let updated = wrongs.stamp("lastUpdated", data.last_updated.as_ref(), made);
    let product = Product {
        id: wrongs.guid("id", data.id.as_ref(), made_product(position)),
        item_id: wrongs.guid("inventoryItemId", data.inventory_item_id.as_ref(), made_item(position)),
        numeric_id: numeric_id(data, position, &mut wrongs),
        slug: data.slug.clone().unwrap_or_else(|| slug(&name)),
        name,
        description: data.description.clone(),
        visible: data.visible,
        goods: data.product_type,
        price: data.price,
        collection_ids: data.collection_ids.clone(),
        options: options(data, &shown),
        manage_variants: managed,
        tracked: data.track_inventory,
        choices: if managed { Vec::new() } else { shown },
        variants,
        preorder: Preorder::default(),
        created: wrongs.stamp("createdDate", data.created_date.as_ref(), made),
        updated,
        item_updated: updated,
        recent: VecDeque::new(),
    };
    if wrongs.0.is_empty() { Ok(product) } else { Err(wrongs.0) }
}

fn check_product(data: &ProductData, managed: bool, name: &str, wrongs: &mut Wrongs) {
    wrongs.length("name", name, 1, 80);
    wrongs.length("description", &data.description, 0, 8_000);
    wrongs.sku(&data.sku);
    if !(0.0..=MAX_PRICE).contains(&data.price) {
        wrongs.add(format!("price {} is outside 0..={MAX_PRICE}", data.price));
    }
    if data.product_options.len() > MAX_OPTIONS {
        wrongs.add(format!("{} options, {MAX_OPTIONS} are allowed", data.product_options.len()));
    }
    if !managed {
        return;
    }
    if data.variants.is_empty() {
        wrongs.add("manageVariants is true, but there are no variants");
    }
    if data.variants.len() > MAX_MANAGED {
        wrongs.add(format!("{} managed variants, {MAX_MANAGED} are allowed", data.variants.len()));
    }
    if !data.sku.is_empty() || data.quantity.is_some() {
        wrongs.add("with managed variants, sku and quantity belong on the variants");
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

fn made_stamp(position: usize) -> Stamp {
    let seconds = i64::try_from(position).unwrap_or(0);
    Stamp::from_millis(FIRST_STAMP + seconds * 1_000)
}

fn numeric_id(data: &ProductData, position: usize, wrongs: &mut Wrongs) -> u128 {
    let made = made_numeric_id(position);
    let Some(text) = &data.numeric_id else { return made };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).unwrap_or_else(|| {
        wrongs.add(format!("numericId {text:?} is not a number of up to 38 digits"));
        made
    })
}

/// The rows of `variants`, or, without managed variants, all combinations of the options.
fn choices(data: &ProductData, position: usize, managed: bool, wrongs: &mut Wrongs) -> Vec<Choice> {
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
        wrongs.add(format!("{} variants, {MAX_CHOICES} are allowed", given.len()));
    }
    let (mut ids, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Vec::with_capacity(given.len());
    for (place, choices) in given.into_iter().enumerate() {
        let variant = data.variants.get(place);
        let id =
            wrongs.guid("variant id", variant.and_then(|v| v.id.as_ref()), made_variant(position, place));
        if id == IMPLICIT_VARIANT || !ids.insert(id) {
            wrongs.add(format!("variant id {id} is used twice, or all zeros"));
        }
        if !seen.insert(choices.clone()) {
            wrongs.add(format!("two variants have the choices {choices:?}"));
        }
        rows.push(Choice { id, choices, visible: variant.is_none_or(|v| v.visible) });
    }
    if !managed && data.variants.iter().any(|v| !v.sku.is_empty() || v.quantity.is_some()) {
        wrongs.add("without managed variants, sku and quantity belong on the product");
    }
    rows
}

/// All combinations of the options' choices; more than the limit is cut one above it, so that it is refused.
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

fn managed_variants(data: &ProductData, shown: &[Choice], wrongs: &mut Wrongs) -> Vec<Variant> {
    let mut variants = Vec::with_capacity(shown.len());
    for (row, given) in shown.iter().zip(&data.variants) {
        wrongs.sku(&given.sku);
        let of = if given.sku.is_empty() { String::new() } else { format!(" of variant {:?}", given.sku) };
        variants.push(Variant {
            id: row.id,
            choices: row.choices.clone(),
            sku: given.sku.clone(),
            visible: given.visible,
            quantity: wrongs.quantity(&of, given.quantity),
            in_stock: given.in_stock,
        });
    }
    variants
}

fn implicit_variant(data: &ProductData, wrongs: &mut Wrongs) -> Variant {
    Variant {
        id: IMPLICIT_VARIANT,
        choices: BTreeMap::new(),
        sku: data.sku.clone(),
        visible: true,
        quantity: wrongs.quantity("", data.quantity),
        in_stock: data.in_stock,
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
