//! Which column is the stock, and the headings of marketplaces and shop programs.

use stocklist::{Mapping, Options, QuantityWord, read};

use crate::{case, check};

#[test]
fn the_stock_is_chosen_or_asked_for() {
    check(vec![
        case(
            "what is left of the stock",
            "Артикул;Остаток;Остаток за вычетом резерва\nA-1;10;7\n",
            &["B?", "C[за вычетом резерва]?"],
        ),
        case(
            "a flag of numbers",
            "sku,in_stock,quantity\nA-1,1,5\nA-2,0,0\nA-3,1,12\n",
            &["A-1=5", "A-2=0", "A-3=12"],
        ),
        case("a flag of words", "sku,available,quantity\nA-1,yes,5\nA-2,no,0\n", &["A-1=5", "A-2=0"]),
        case("free stock like a flag", "sku,available,quantity\nA-1,1,5\nA-2,0,0\n", &["B?", "C?"]),
        case("free before stock", "Артикул;Остаток;Свободный остаток\nA-1;10;7\n", &["A-1=7"]),
        case("two stores", "Артикул;Остаток;Остаток Юг\nA-1;10;7\n", &["B?", "C[Юг]?"]),
        case("money", "Артикул;Остаток, шт;Остаток, руб.\nA-1;10;700\n", &["A-1=10"]),
        case("goods in transit", "Артикул;В пути;Остаток\nA-1;10;7\n", &["A-1=7"]),
        case("a limit", "sku;min stock;stock\nA-1;10;7\n", &["A-1=7"]),
        case("less what is reserved", "Артикул;Остаток;Резерв\nA-1;10;3\nA-2;5;\n", &["A-1=7", "A-2=5"])
            .with(|options| options.subtract = vec![Mapping::parse_reserved("reserved=C").unwrap()]),
        case("reserved of which warehouse", "Артикул;Юг;Север;Резерв\nA-1;1;2;3\n", &["SubtractFrom"])
            .columns(&["quantity[Ю]=B", "quantity[С]=C"])
            .with(|options| options.subtract = vec![Mapping::parse_reserved("reserved=D").unwrap()]),
    ]);
    let list =
        read("Артикул;Остаток;Резерв;В пути;Цена\nA-1;10;3;5;9\n".as_bytes(), &Options::default()).unwrap();
    let unused: Vec<(&str, bool)> =
        list.sources[0].unused.iter().map(|one| (one.column.heading.as_str(), one.is_reserved)).collect();
    assert_eq!(unused, [("Резерв", true), ("В пути", false)]);
    let blank = read("Артикул;Остаток;\nA-1;6;5\n".as_bytes(), &Options::default()).unwrap();
    assert_eq!(blank.sources[0].unused[0].reference, "C");
    let flag = read("sku;in_stock\nA;1\nB;0\n".as_bytes(), &Options::default()).unwrap();
    assert_eq!(flag.remarks[0].kind.code(), "only_flags");
}

#[test]
fn marketplaces_and_shop_programs_are_known() {
    check(vec![
        case(
            "Ozon",
            "Идентификатор склада;Название склада;Артикул;Наименование товара;Доступно на моем складе, шт;\
             Зарезервировано на моем складе, шт\n1;FBS;A-1;Мыло;10;2\n",
            &["A-1@FBS=10"],
        ),
        case(
            "Shopify",
            "Handle,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),\
             Available (not editable),On hand (current),On hand (new)\nmug,A-1,Main,9,8,2,10,12,\n",
            &["A-1@Main=10"],
        ),
        case("Shopify's products", "Handle,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy\nmug,A-1,shopify,5,deny\n", &["A-1=5"]),
        case("Ecwid", "product_sku,product_quantity\nA-1,5\n", &["A-1=5"]),
        case("PrestaShop", "ID;Reference;Quantity\n1;A-1;5\n", &["A-1=5"]),
        case("a feed", "offer_id,stock\nA-1,5\n", &["A-1=5"]),
        case("an article with its English name", "Артикул (SKU);Остаток\nA-1;5\n", &["A-1=5"]),
        case("a supplier", "Артикул поставщика;Остаток\nA-1;5\n", &["A-1=5"]),
        case("an own article before the supplier's", "Артикул поставщика;Артикул;Остаток\nS-1;A-1;5\n", &["A-1=5"]),
        case("an empty column of locations", "product_id;name;sku;location;quantity\n1;Mug;O-1;;10\n", &["O-1=10"]),
        case("a location for some", "sku;location;quantity\nA;M;1\nB;;2\n", &["A@M=1", "B@N=2"])
            .with(|options| options.fill_warehouse = Some("N".to_owned())),
        case("shelves that are no warehouses", "Артикул;Склад;Остаток\nA-1;полка 5;3\n", &["A-1=3"])
            .columns(&["warehouse=none"]),
        case(
            "Wix",
            "handleId,fieldType,name,sku,price,inventory\np1,Product,Mug,M-1,5,10\np2,Product,Cup,M-2,5,InStock\n\
             p3,Product,Shirt,,5,\np3,Variant,,SH-S,0,4\n",
            &["M-1=10", "M-2=keep", "SH-S=4"],
        )
        .with(|options| options.words = QuantityWord::parse_all("InStock=keep").unwrap()),
    ]);
}
