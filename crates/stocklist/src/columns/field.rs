//! Recognizes what a column holds by its heading, as shops, accounting programs and database tables name it.

use crate::columns::names;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The SKU.
    Sku,
    /// The warehouse.
    Warehouse,
    /// The quantity in units.
    Quantity,
    /// The product's name.
    Name,
    /// The product's brand.
    Brand,
    /// The product's price.
    Price,
    /// The product's description.
    Description,
}

/// The result of recognizing a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What the column holds.
    pub field: Field,
    /// How specific the heading is. Of two columns for one field, the one with the smaller rank is used.
    pub rank: u8,
}

impl Field {
    /// Every field.
    pub const ALL: &'static [Self] = &[
        Self::Sku,
        Self::Warehouse,
        Self::Quantity,
        Self::Name,
        Self::Brand,
        Self::Price,
        Self::Description,
    ];

    /// The field's name in options and JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Warehouse => "warehouse",
            Self::Quantity => "quantity",
            Self::Name => "name",
            Self::Brand => "brand",
            Self::Price => "price",
            Self::Description => "description",
        }
    }

    /// The field with this code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }
}

/// The known headings by field and rank. Free stock ranks before stock on hand, because reserved units are not for
/// sale.
const NAMES: &[(Field, u8, &[&str])] = &[
    (Field::Sku, 1, names::ARTICLES),
    (Field::Sku, 2, names::PRODUCT_CODES),
    (Field::Sku, 3, names::CODES),
    (Field::Quantity, 1, names::FREE_STOCK),
    (Field::Quantity, 2, names::STOCK),
    (Field::Quantity, 3, names::QUANTITIES),
    (Field::Quantity, 4, names::AMOUNTS),
    (Field::Warehouse, 1, names::WAREHOUSES),
    (Field::Warehouse, 2, names::STORES),
    (Field::Name, 1, names::PRODUCT_NAMES),
    (Field::Name, 2, names::PRODUCTS),
    (Field::Brand, 1, names::BRANDS),
    (Field::Brand, 2, names::MAKERS),
    (Field::Price, 1, names::PRICES),
    (Field::Price, 2, names::OTHER_PRICES),
    (Field::Description, 1, names::DESCRIPTIONS),
];

/// Units of measure that may follow a name: `Остаток, шт`.
const UNITS: &[&str] =
    &["шт", "штук", "штуки", "ед", "pcs", "pc", "руб", "рублей", "р", "rub", "usd", "eur", "кг", "kg"];

/// Currencies that may follow a name: `Цена, руб`.
const MONEY: &[&str] = &["руб", "рублей", "р", "rub", "usd", "eur"];

/// Whether a heading says that its column holds money: `Остаток, руб.`.
pub(crate) fn is_of_money(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).skip(1);
    lower.contains(['₽', '$', '€']) || words.any(|word| MONEY.contains(&word))
}

/// Recognizes what a column holds by its heading; `None` if the heading is unknown.
#[must_use]
pub fn recognize(heading: &str) -> Option<Found> {
    let words = words_of(heading);
    let squashed = words.concat();
    let known = NAMES.iter().find(|(_, _, names)| names.contains(&squashed.as_str()));
    if let Some((field, rank, _)) = known {
        return Some(Found { field: *field, rank: *rank });
    }
    is_stock_of_a_day(&words).then_some(Found { field: Field::Quantity, rank: 2 })
}

/// Whether the heading is stock on a date: `Остаток на 01.03.2025`, `Остатки на конец дня`.
fn is_stock_of_a_day(words: &[String]) -> bool {
    let mut words = words.iter().map(String::as_str);
    if !matches!(words.next(), Some("остаток" | "остатки")) || words.next() != Some("на") {
        return false;
    }
    words.next().is_some_and(|word| word == "конец" || word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Words that show that a column holds something other than units in stock.
const NOT_STOCK: &str = "total all sum reserved reserve min max minimum maximum value cost price date status id \
    unit units updated at transit ordered incoming sold old last итого всего резерв мин макс сумма цена начало \
    приход расход пути заказано";

/// The warehouse that a column is named after: `stock_north`, `Остаток Юг`, `main_qty`; `None` for any other
/// column. The name is spelled as in the heading.
#[must_use]
pub fn warehouse_of(heading: &str) -> Option<String> {
    let words: Vec<&str> =
        heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_stock = |word: &str| recognize(word).is_some_and(|found| found.field == Field::Quantity);
    let is_other = |word: &str| NOT_STOCK.split_whitespace().any(|other| other == word.to_lowercase());
    let (name, stock) = match words.as_slice() {
        [first, rest @ ..] if is_stock(first) => (rest, first),
        [rest @ .., last] if is_stock(last) => (rest, last),
        _ => return None,
    };
    let is_plain = !name.is_empty() && recognize(heading).is_none() && !is_other(stock);
    (is_plain && !name.iter().any(|word| is_other(word))).then(|| name.join(" "))
}

/// The words of a heading in lower case, without units of measure. Of a path such as `Номенклатура.Артикул`, only
/// the words of the last part.
pub(crate) fn words_of(heading: &str) -> Vec<String> {
    let heading = heading.trim();
    let last = match heading.rsplit_once('.') {
        Some((before, after))
            if before.ends_with(char::is_alphabetic) && after.starts_with(char::is_alphabetic) =>
        {
            after
        }
        _ => heading,
    };
    let lower = last.to_lowercase().replace('ё', "е");
    let mut words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    while words.len() > 1 && words.last().is_some_and(|word| UNITS.contains(&word.as_str())) {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(heading: &str) -> Option<Field> {
        recognize(heading).map(|found| found.field)
    }

    #[test]
    fn headings_of_1c_excel_and_databases() {
        for heading in
            ["Артикул", " АРТИКУЛ ", "Номенклатура.Артикул", "арт.", "SKU", "Код", "vendor_code", "Item No."]
        {
            assert_eq!(field(heading), Some(Field::Sku), "{heading}");
        }
        for heading in [
            "Остаток",
            "Остаток, шт.",
            "Кол-во",
            "Количество (шт)",
            "В наличии",
            "Свободный\u{a0}остаток",
            "Кол.",
            "Конечный остаток",
            "Остаток на 01.03.2025",
            "qty",
            "Quantity",
            "stock_qty",
            "In stock",
            "qtyOnHand",
        ] {
            assert_eq!(field(heading), Some(Field::Quantity), "{heading}");
        }
        for heading in ["Склад", "Место хранения", "warehouse_name", "Location", "Магазин"]
        {
            assert_eq!(field(heading), Some(Field::Warehouse), "{heading}");
        }
        assert_eq!(field("Номенклатура"), Some(Field::Name));
        assert_eq!(field("Цена, руб."), Some(Field::Price));
        assert_eq!(field("Производитель"), Some(Field::Brand));
        for heading in [
            "",
            "Ед. изм.",
            "Сумма",
            "Начальный остаток",
            "Остаток на начало",
            "Резерв",
            "Штрихкод",
            "Номенклатура, Артикул",
            "Остатки товаров на складах",
            "шт",
        ] {
            assert_eq!(field(heading), None, "{heading}");
        }
    }

    #[test]
    fn columns_named_after_a_warehouse() {
        let of = |heading| warehouse_of(heading);
        for (heading, due) in [
            ("stock_north", "north"),
            ("Остаток Юг", "Юг"),
            ("qty_main_store", "main store"),
            ("Main qty", "Main"),
            ("Склад 2: остаток", "Склад 2"),
        ] {
            assert_eq!(of(heading).as_deref(), Some(due), "{heading}");
        }
        for heading in [
            "stock",
            "Остаток, шт.",
            "stock_qty",
            "stock_min",
            "qty_reserved",
            "Остаток на начало",
            "price_north",
            "units_sold",
            "",
        ] {
            assert_eq!(of(heading), None, "{heading}");
        }
    }

    #[test]
    fn free_stock_is_better_than_stock_and_stock_than_a_quantity() {
        let rank = |heading| recognize(heading).unwrap().rank;
        assert!(rank("Свободный остаток") < rank("Остаток"));
        assert!(rank("Остаток") < rank("Количество"));
        assert!(rank("Артикул") < rank("Код товара"));
        assert!(rank("Код товара") < rank("Код"));
    }

    #[test]
    fn every_name_stands_once_and_as_it_is_compared() {
        let mut seen = std::collections::BTreeSet::new();
        for (field, _, names) in NAMES {
            for name in *names {
                assert!(seen.insert(name), "{name} stands twice");
                assert_eq!(words_of(name).concat(), *name, "{field:?}");
            }
        }
        for field in Field::ALL {
            assert_eq!(Field::named(field.code()), Some(*field));
        }
    }
}
