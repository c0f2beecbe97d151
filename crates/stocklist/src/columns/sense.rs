//! What a heading says about stock: free stock, stock, a quantity, what is reserved or in transit, or none of these.
//!
//! A heading of the list of known names is certain. Any other is judged by the stems of its words.

use crate::columns::field::{self, Field, recognize, words_of};

/// What a column of numbers means for the stock, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sense {
    /// Units that can be sold.
    Free,
    /// Units in stock, reserved ones too.
    Stock,
    /// A quantity of something.
    Units,
    /// Other names for a quantity, such as `amount`.
    Loose,
    /// Units that customers have reserved.
    Reserved,
    /// Units that are on their way.
    Transit,
    /// Anything else: sums of money, movements, limits, packs, dates.
    Other,
}

/// The sense of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) sense: Sense,
    /// Whether the heading is a known name, not one with the stems of such a name.
    pub(crate) is_certain: bool,
}

impl Sense {
    /// Whether such a column can be the quantity.
    pub(crate) fn is_quantity(self) -> bool {
        self <= Self::Loose
    }
}

/// Stems by the beginning of a word. `=` before a stem takes the whole word only.
const FREE: &str = "свобод доступ =дост avail free =net =atp sellable saleable salable unreserved незарезерв";
const STOCK: &str = "остат остал налич stock onhand =hand inventor";
/// Places whose stock may stand in a column of its own.
const PLACES: &str = "склад магазин warehouse store";
const UNITS: &str = "колич колво =кол qty quant units =количество";
const RESERVED: &str = "резерв зарезерв reserv committed allocated";
const TRANSIT: &str =
    "=пути =путь transit incoming inbound ожида expected заказан =ordered поставк =едет backorder";
const OTHER: &str = "приход расход поступ отгру продаж продан =sold sales начал opening списан оборот перемещ возврат \
    received shipped outgoing сумм =цена =цены =цене ценов стоим выруч price cost value себест марж margin скид \
    discount =руб =usd =eur =мин =макс миним максим =min =max minim maxim норм reorder safety точка порог \
    threshold неснижа лимит limit упаков короб =pack packs =box =boxes carton pallet палет кратн вложен =per \
    multiple дней =days оборач =срок =срока date =дата =даты updated =at status статус =id идентиф =type =тип policy \
    политик track rule =код =code ячейк недост unavail брак damaged дефект карантин quarantine заблок blocked \
    просроч expired =last =old =ед единиц =unit вес weight объем volume =кг =kg =заказ =заказы =заказов =order =orders";

/// Words that take the reserved units away: `Остаток за вычетом резерва`.
const WITHOUT: &[&str] =
    &["вычет", "без", "минус", "учет", "учит", "less", "minus", "net", "exclud", "without"];

/// Phrases of goods for sale, whose words mean other things alone.
const FOR_SALE: &[&str] = &["к продаже", "для продажи", "на продажу", "for sale", "to sell"];

/// The sense of a heading; `None` if it says nothing about quantities.
pub(crate) fn of(heading: &str) -> Option<Meaning> {
    if let Some(inner) = summed(heading) {
        return of(inner).map(|meaning| Meaning { is_certain: false, ..meaning });
    }
    match recognize(heading) {
        Some(found) if found.field == Field::Quantity && field::is_of_money(heading) => {
            return Some(Meaning { sense: Sense::Other, is_certain: true });
        }
        Some(found) if found.field == Field::Quantity => {
            let sense = match found.rank {
                1 => Sense::Free,
                2 => Sense::Stock,
                3 => Sense::Units,
                _ => Sense::Loose,
            };
            return Some(Meaning { sense, is_certain: true });
        }
        Some(_) => return None,
        None => {}
    }
    by_stems(heading).map(|sense| Meaning { sense, is_certain: false })
}

/// Whether a heading, or the name of a column in a database, says that units are reserved.
#[must_use]
pub fn is_reserved(heading: &str) -> bool {
    of(heading).is_some_and(|meaning| meaning.sense == Sense::Reserved)
}

/// The field that a pivot table sums up: `Сумма по полю Остаток`.
fn summed(heading: &str) -> Option<&str> {
    let heading = heading.trim();
    let starts = ["Сумма по полю ", "Sum of ", "Sum - ", "Сумма - "];
    starts.iter().find_map(|start| {
        let head = heading.get(..start.len())?;
        (head.to_lowercase() == start.to_lowercase()).then(|| heading.get(start.len()..))?
    })
}

/// Whether the heading has a stem of stock, so that it should not be passed over in silence.
pub(crate) fn speaks_of_stock(heading: &str) -> bool {
    let words = words_of(heading);
    let named = recognize(heading).map(|found| found.field);
    let other_field = named.is_some_and(|field| field != Field::Quantity);
    let stems = [FREE, STOCK, UNITS, RESERVED, TRANSIT, PLACES];
    !other_field && (named.is_some() || stems.iter().any(|stems| has(&words, stems)))
}

fn by_stems(heading: &str) -> Option<Sense> {
    let words = words_of(heading);
    let phrase = words.join(" ");
    let is_for_sale = FOR_SALE.iter().any(|sale| phrase.contains(sale)) && !has(&words, "=не =not");
    let is_without = || WITHOUT.iter().any(|stem| words.iter().any(|word| word.starts_with(stem)));
    let is_cut = has(&words, "недост unavail");
    if has(&words, RESERVED) && !is_cut {
        return Some(if is_without() { Sense::Free } else { Sense::Reserved });
    }
    if is_cut {
        return Some(Sense::Other);
    }
    if has(&words, TRANSIT) {
        return Some(Sense::Transit);
    }
    if is_for_sale {
        return Some(Sense::Free);
    }
    if has(&words, OTHER) || field::is_of_money(heading) {
        return Some(Sense::Other);
    }
    let known = [(FREE, Sense::Free), (STOCK, Sense::Stock), (UNITS, Sense::Units)];
    known.into_iter().find(|(stems, _)| has(&words, stems)).map(|(_, sense)| sense)
}

/// Whether a word has one of the stems.
fn has(words: &[String], stems: &str) -> bool {
    stems.split_whitespace().any(|stem| match stem.strip_prefix('=') {
        Some(whole) => words.iter().any(|word| word == whole),
        None => words.iter().any(|word| word.starts_with(stem)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_a_sense() {
        use Sense::{Free, Loose, Other, Reserved, Stock, Transit, Units};
        for (heading, due) in [
            ("Свободный остаток", Some(Free)),
            ("Остаток за вычетом резерва", Some(Free)),
            ("Остаток без учёта резерва", Some(Free)),
            ("Доступно на моем складе, шт", Some(Free)),
            ("Можно отдать к продаже", Some(Free)),
            ("Available (not editable)", Some(Free)),
            ("Net stock", Some(Free)),
            ("Unavailable (not editable)", Some(Other)),
            ("Недоступно для продажи", Some(Other)),
            ("Остаток", Some(Stock)),
            ("Наличие в магазине на Ленина", Some(Stock)),
            ("On hand (new)", Some(Stock)),
            ("Variant Inventory Qty", Some(Stock)),
            ("Variant Inventory Policy", Some(Other)),
            ("product_quantity", Some(Units)),
            ("Количество Юг", Some(Units)),
            ("Amount", Some(Loose)),
            ("Зарезервировано на моем складе, шт", Some(Reserved)),
            ("Committed (not editable)", Some(Reserved)),
            ("В пути", Some(Transit)),
            ("Incoming (not editable)", Some(Transit)),
            ("Начальный остаток", Some(Other)),
            ("Остаток, руб.", Some(Other)),
            ("Сумма остатка", Some(Other)),
            ("Количество в упаковке", Some(Other)),
            ("Приход", Some(Other)),
            ("stock_updated_at", Some(Other)),
            ("Минимальный остаток", Some(Other)),
            ("Склад А", None),
            ("Сумма по полю Остаток", Some(Stock)),
            ("Sum of price", None),
            ("Склад", None),
            ("Артикул", None),
            ("Цвет", None),
            ("", None),
        ] {
            assert_eq!(of(heading).map(|meaning| meaning.sense), due, "{heading}");
        }
        assert!(of("Остаток").is_some_and(|meaning| meaning.is_certain));
        assert!(of("Остаток в зале").is_some_and(|meaning| !meaning.is_certain));
    }

    #[test]
    fn headings_that_speak_of_stock_are_told() {
        for heading in
            ["Резерв", "В пути", "Начальный остаток", "Free", "Сумма остатка", "Доступно", "Склад Б"]
        {
            assert!(speaks_of_stock(heading), "{heading}");
        }
        for heading in ["Цена", "Приход", "Артикул", "Склад", "Цвет", ""] {
            assert!(!speaks_of_stock(heading), "{heading}");
        }
    }
}
