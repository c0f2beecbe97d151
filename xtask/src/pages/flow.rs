//! The picture of the flow: warehouse, wixsync, Wix shop, and who books the orders.

use super::Lang;
use super::svg::{Svg, TextBox};

/// The words of the picture.
struct Words {
    title: &'static str,
    lists: &'static [&'static str],
    import: &'static str,
    warehouse: &'static [&'static str],
    stock: &'static str,
    wixsync: &'static [&'static str],
    quantities: &'static str,
    shop: &'static [&'static str],
    orders: &'static str,
    you: &'static [&'static str],
    book: &'static str,
}

const ENGLISH: Words = Words {
    title: "Stock goes from the warehouse database through wixsync to the Wix shop. Orders come from the Wix shop to you, and you book them in the warehouse.",
    lists: &["Stock lists", "1C, Excel, CSV"],
    import: "wixsync import",
    warehouse: &["Your warehouse", "a database with", "the right numbers"],
    stock: "stock",
    wixsync: &["wixsync", "plan, guard,", "write, read back"],
    quantities: "quantities",
    shop: &["Wix shop", "shows what", "can be sold"],
    orders: "orders",
    you: &["You, or your program", "book each order"],
    book: "before the next run",
};

const RUSSIAN: Words = Words {
    title: "Остатки идут из складской базы через wixsync в магазин Wix. Заказы приходят из магазина Wix к вам, и вы проводите их на складе.",
    lists: &["Списки остатков", "1С, Excel, CSV"],
    import: "wixsync import",
    warehouse: &["Ваш склад", "база данных", "с верными остатками"],
    stock: "остатки",
    wixsync: &["wixsync", "план, защита,", "запись, проверка"],
    quantities: "количество",
    shop: &["Магазин Wix", "показывает, что", "можно продать"],
    orders: "заказы",
    you: &["Вы или ваша программа", "проводите каждый заказ"],
    book: "до следующего запуска",
};

/// The boxes, from the words.
struct Boxes {
    lists: TextBox,
    warehouse: TextBox,
    wixsync: TextBox,
    shop: TextBox,
    you: TextBox,
}

const WIDTH: u32 = 780;
const HEIGHT: u32 = 340;
/// How far a label stands above its arrow.
const ABOVE: u32 = 9;
/// How far the baseline of a label stands below its arrow.
const BELOW: u32 = 24;

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &ENGLISH,
        Lang::Ru => &RUSSIAN,
    }
}

fn boxes(words: &Words) -> Boxes {
    let of = |at, width, height, lines, is_main| TextBox { at, width, height, lines, is_main };
    Boxes {
        lists: of((20, 16), 190, 58, words.lists, false),
        warehouse: of((20, 120), 190, 86, words.warehouse, false),
        wixsync: of((310, 120), 180, 86, words.wixsync, true),
        shop: of((600, 120), 160, 86, words.shop, false),
        you: of((280, 262), 240, 58, words.you, false),
    }
}

pub(super) fn picture(lang: Lang) -> String {
    let words = words(lang);
    let Boxes { lists, warehouse, wixsync, shop, you } = boxes(words);
    let mut svg = Svg::new(WIDTH, HEIGHT, words.title);
    for one in [&lists, &warehouse, &wixsync, &shop, &you] {
        svg.text_box(one);
    }
    svg.arrow(&[lists.bottom(), warehouse.top()]);
    svg.text((lists.bottom().0 + 70, lists.bottom().1 + 28), words.import, "normal");
    for (from, to, label) in [(&warehouse, &wixsync, words.stock), (&wixsync, &shop, words.quantities)] {
        let (from, to) = (from.right(), to.left());
        svg.arrow(&[from, to]);
        svg.text((u32::midpoint(from.0, to.0), from.1 - ABOVE), label, "normal");
    }
    svg.arrow(&[shop.bottom(), (shop.bottom().0, you.right().1), you.right()]);
    svg.text((u32::midpoint(shop.bottom().0, you.right().0), you.right().1 - ABOVE), words.orders, "normal");
    svg.arrow(&[you.left(), (warehouse.bottom().0, you.left().1), warehouse.bottom()]);
    svg.text((you.left().0 / 2, you.left().1 + BELOW), words.book, "bold");
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::super::svg::text_width;
    use super::*;

    #[test]
    fn every_text_has_room() {
        for lang in [Lang::En, Lang::Ru] {
            let words = words(lang);
            let Boxes { lists, warehouse, wixsync, shop, you } = boxes(words);
            for one in [&lists, &warehouse, &wixsync, &shop, &you] {
                assert!(one.fits(), "{lang:?}: {:?}", one.lines);
            }
            let gaps = [
                (words.stock, wixsync.at.0 - warehouse.right().0),
                (words.quantities, shop.at.0 - wixsync.right().0),
                (words.orders, shop.bottom().0 - you.right().0),
                (words.book, you.left().0),
            ];
            for (label, room) in gaps {
                assert!(text_width(label) + 8 <= room, "{lang:?}: {label} has {room}");
            }
        }
    }

    #[test]
    fn the_picture_says_who_books_the_orders() {
        for (lang, due) in [(Lang::En, "book each order"), (Lang::Ru, "проводите каждый заказ")]
        {
            assert!(picture(lang).contains(due));
        }
    }
}
