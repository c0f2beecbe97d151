//! An emulator and a client for it.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use wix_emulator::{CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_SITE_ID, Emulator, Shop, ShopData};

pub(crate) const PRODUCTS: &str = "/stores-reader/v1/products/query";
pub(crate) const ITEMS: &str = "/stores-reader/v2/inventoryItems/query";
pub(crate) const VARIANTS: &str = "/stores-reader/v1/variants/query";
pub(crate) const UP: &str = "/stores/v2/inventoryItems/increment";
pub(crate) const DOWN: &str = "/stores/v2/inventoryItems/decrement";
pub(crate) const V3_ITEMS: &str = "/stores/v3/inventory-items/query";
pub(crate) const V3_COUNT: &str = "/stores/v3/inventory-items/count";
pub(crate) const V3_UPDATE: &str = "/stores/v3/bulk/inventory-items/update";
pub(crate) const ZERO: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) struct Site {
    pub(crate) emulator: Emulator,
    pub(crate) shop: Shop,
    http: Client,
}

/// Three plain products (A 5, B 7, C 9), one hidden (H 3), a managed one (V-S 1, V-L 2), an untracked one (U).
pub(crate) fn sample() -> Value {
    json!({"products": [
        {"sku": "A", "name": "Apple", "quantity": 5, "price": 1.5, "collectionIds": ["fruit", "red"]},
        {"sku": "B", "name": "Banana", "quantity": 7, "price": 2.5, "collectionIds": ["fruit"]},
        {"sku": "C", "name": "Cherry", "quantity": 9, "price": 3.5, "description": "<p>small</p>"},
        {"sku": "H", "name": "Hidden", "quantity": 3, "visible": false},
        {"name": "Shirt", "variants": [
            {"choices": {"Size": "S"}, "sku": "V-S", "quantity": 1},
            {"choices": {"Size": "L"}, "sku": "V-L", "quantity": 2}]},
        {"sku": "U", "name": "Untracked", "trackInventory": false, "productType": "digital"},
    ]})
}

impl Site {
    pub(crate) async fn sample() -> Self {
        Self::with(sample(), |_| ()).await
    }

    /// The sample shop with Catalog V3.
    pub(crate) async fn v3() -> Self {
        Self::v3_with(sample(), |_| ()).await
    }

    pub(crate) async fn v3_with(data: Value, change: impl FnOnce(&mut Config)) -> Self {
        let v3 = |config: &mut Config| {
            config.catalog = CatalogVersion::V3Catalog;
            change(config);
        };
        Self::with(data, v3).await
    }

    /// The inventory items that pass this filter, oldest first.
    pub(crate) async fn items(&self, filter: &Value) -> Vec<Value> {
        let sort = json!([{"fieldName": "createdDate", "order": "ASC"}]);
        let query = json!({"filter": filter, "sort": sort, "cursorPaging": {"limit": 1_000}});
        let answer = self.ok(V3_ITEMS, &json!({"query": query})).await;
        answer["inventoryItems"].as_array().unwrap().clone()
    }

    /// The inventory item of this SKU at the default location.
    pub(crate) async fn item(&self, sku: &str) -> Value {
        let (status, answer) = self.get("/stores/v3/locations/default").await;
        assert_eq!(status, 200, "{answer}");
        let location = &answer["storesLocation"]["id"];
        let found = self.items(&json!({"product.variantSku": sku, "locationId": location})).await;
        assert_eq!(found.len(), 1, "{sku}: {found:?}");
        found[0].clone()
    }

    pub(crate) async fn of(count: usize) -> Self {
        let row = |number| json!({"sku": format!("S-{number:05}"), "quantity": 10});
        Self::with(json!({"products": (0..count).map(row).collect::<Vec<_>>()}), |_| ()).await
    }

    pub(crate) async fn with(data: Value, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(ShopData::from_json(&data.to_string()).unwrap());
        change(&mut config);
        let emulator = Emulator::start(config).await.unwrap();
        let shop = emulator.shop();
        Self { emulator, shop, http: Client::new() }
    }

    /// A request without credentials.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.emulator.base_url()))
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header("Authorization", DEFAULT_API_KEY)
            .header("wix-site-id", DEFAULT_SITE_ID)
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        read(self.request(method, path).json(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(Method::POST, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::GET, path)).await
    }

    /// A request to the control endpoint.
    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request =
            self.bare(method, &format!("/_emulator/{path}")).header("Authorization", DEFAULT_API_KEY);
        let response = request.json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The status of an increment by one; `None` when there was no answer.
    pub(crate) async fn increment_status(&self, sku: &str) -> Option<u16> {
        let body = json!({"incrementData": [self.entry(UP, sku, 1)]});
        let answer = self.request(Method::POST, UP).json(&body).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    /// A POST that must succeed.
    pub(crate) async fn ok(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// A POST that must be refused with the standard validation body; gives the first violation.
    pub(crate) async fn refused(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 400, "{body} gave {answer}");
        let violation = answer.pointer("/details/validationError/fieldViolations/0").cloned();
        violation.unwrap_or_else(|| panic!("no violation in {answer}"))
    }

    /// Increments or decrements, each entry (sku, amount).
    pub(crate) async fn change(&self, path: &str, entries: &[(&str, i64)]) -> (u16, Value) {
        let rows: Vec<Value> = entries.iter().map(|entry| self.entry(path, entry.0, entry.1)).collect();
        self.post(path, &json!({list(path): rows})).await
    }

    pub(crate) fn entry(&self, path: &str, sku: &str, amount: i64) -> Value {
        let (product, variant) = self.shop.find(sku)[0];
        let by = if path == UP { "incrementBy" } else { "decrementBy" };
        json!({"productId": product, "variantId": variant, by: amount})
    }

    pub(crate) fn product_id(&self, sku: &str) -> String {
        self.shop.find(sku)[0].0.to_string()
    }
}

pub(crate) fn list(path: &str) -> &'static str {
    if path == UP { "incrementData" } else { "decrementData" }
}

pub(crate) async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    assert!(response.headers().contains_key("x-wix-request-id"));
    (response.status().as_u16(), response.json().await.unwrap())
}

/// A query with a filter (and a sort by numeric id) as strings.
pub(crate) fn filtered(filter: &Value) -> Value {
    json!({"query": {"filter": filter.to_string(), "sort": r#"[{"numericId":"asc"}]"#},
        "includeHiddenProducts": true})
}

/// One member of every row of a list.
pub(crate) fn column<'v>(answer: &'v Value, list: &str, member: &str) -> Vec<&'v Value> {
    answer[list].as_array().unwrap().iter().map(|row| &row[member]).collect()
}

/// The application code of an error.
pub(crate) fn code(answer: &Value) -> &str {
    answer.pointer("/details/applicationError/code").and_then(Value::as_str).unwrap_or("")
}
