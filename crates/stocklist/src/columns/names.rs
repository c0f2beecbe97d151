//! Known headings, in lower case, without spaces and punctuation: as shops, accounting programs, marketplaces and
//! database tables name their columns.

/// Articles.
pub(crate) const ARTICLES: &[&str] = &[
    "sku",
    "skuкод",
    "skucode",
    "productsku",
    "itemsku",
    "variantsku",
    "sellersku",
    "артикул",
    "арт",
    "артикултовара",
    "артикулноменклатуры",
    "артикулпродавца",
    "номерартикула",
    "вашартикул",
    "articul",
    "artikul",
    "article",
    "articlenumber",
    "articleno",
    "artno",
    "vendorcode",
    "stockkeepingunit",
    "артикулsku",
    "skuартикул",
    "вашsku",
    "shopsku",
    "offerid",
    "reference",
];

/// Codes of products, and articles of others than the seller.
pub(crate) const PRODUCT_CODES: &[&str] = &[
    "кодтовара",
    "кодноменклатуры",
    "кодартикула",
    "кодпозиции",
    "productcode",
    "itemcode",
    "itemnumber",
    "itemno",
    "partnumber",
    "partno",
    "kodtovara",
    "productno",
    "productnumber",
    "артикулпоставщика",
    "supplierarticle",
    "suppliersku",
    "артикулпроизводителя",
];

/// Codes of anything.
pub(crate) const CODES: &[&str] = &["код", "code", "kod"];

/// Stock that can be sold.
pub(crate) const FREE_STOCK: &[&str] = &[
    "свободныйостаток",
    "остатоксвободный",
    "свободныйостатокнаскладе",
    "свободно",
    "свободныеостатки",
    "доступно",
    "доступныйостаток",
    "доступныеостатки",
    "доступнокпродаже",
    "доступнодляпродажи",
    "доступнокзаказу",
    "доступноеколичество",
    "available",
    "availablestock",
    "availablequantity",
    "availableqty",
    "qtyavailable",
    "quantityavailable",
    "freestock",
    "freequantity",
    "freeqty",
    "free",
    "svobodno",
    "dostupno",
];

/// Stock, reserved units too.
pub(crate) const STOCK: &[&str] = &[
    "остаток",
    "остатки",
    "остатокнаскладе",
    "остаткинаскладе",
    "остаткинаскладах",
    "остатоктовара",
    "складскойостаток",
    "текущийостаток",
    "фактическийостаток",
    "конечныйостаток",
    "остатокконечный",
    "конечныйостатокколичество",
    "остатокнаконец",
    "остатокнаконецпериода",
    "остатокколичество",
    "количествоостаток",
    "количествонаскладе",
    "колвонаскладе",
    "вналичии",
    "вналичиинаскладе",
    "наличие",
    "наскладе",
    "stock",
    "stocklevel",
    "stockquantity",
    "stockqty",
    "instock",
    "onhand",
    "qtyonhand",
    "quantityonhand",
    "onhandquantity",
    "inventory",
    "inventoryquantity",
    "inventoryqty",
    "stockonhand",
    "closingstock",
    "ostatok",
    "ostatki",
];

/// Quantities.
pub(crate) const QUANTITIES: &[&str] = &[
    "количество",
    "количествотовара",
    "колво",
    "кол",
    "колвотовара",
    "quantity",
    "qty",
    "units",
    "kolichestvo",
    "kolvo",
];

/// Other words for a quantity.
pub(crate) const AMOUNTS: &[&str] = &["amount", "count", "balance", "баланс"];

/// Warehouses.
pub(crate) const WAREHOUSES: &[&str] = &[
    "склад",
    "названиесклада",
    "наименованиесклада",
    "складхранения",
    "кодсклада",
    "местохранения",
    "местоположение",
    "warehouse",
    "warehousename",
    "warehousecode",
    "warehouseid",
    "depot",
    "sklad",
    "skladid",
];

/// Stores and other places.
pub(crate) const STORES: &[&str] =
    &["магазин", "store", "storename", "storeid", "location", "locationname", "locationid", "stocklocation"];

/// Names of products.
pub(crate) const PRODUCT_NAMES: &[&str] = &[
    "наименование",
    "название",
    "номенклатура",
    "товар",
    "наименованиетовара",
    "названиетовара",
    "наименованиеноменклатуры",
    "name",
    "productname",
    "title",
    "producttitle",
    "itemname",
    "naimenovanie",
    "nazvanie",
    "tovar",
];

/// Words for a product.
pub(crate) const PRODUCTS: &[&str] = &["полноенаименование", "product", "item", "goods"];

/// Brands.
pub(crate) const BRANDS: &[&str] = &["бренд", "торговаямарка", "brand", "brandname"];

/// Makers.
pub(crate) const MAKERS: &[&str] = &["марка", "производитель", "manufacturer", "vendor"];

/// Prices.
pub(crate) const PRICES: &[&str] =
    &["цена", "розничнаяцена", "ценарозничная", "ценапродажи", "price", "retailprice", "saleprice"];

/// Other prices.
pub(crate) const OTHER_PRICES: &[&str] = &["unitprice", "ценазаединицу", "cena"];

/// Descriptions.
pub(crate) const DESCRIPTIONS: &[&str] = &["описание", "описаниетовара", "полноеописание", "description"];
