//! An inventory item as queries see it (Wix: Inventory Items V3).

use std::borrow::Cow;

use crate::catalog::{Catalog, Item, ItemPosition, ItemTime, Product, ReadView, Variant};
use crate::query::{FieldSpec, Index, QueryField, Row, SortKey, Value, ValueKind};
use crate::site::Behavior;

/// The fields that inventory items are filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    VariantId,
    LocationId,
    ProductId,
    ProductName,
    VariantName,
    VariantSku,
    Barcode,
    Brand,
    Categories,
    Created,
    Updated,
    Quantity,
    TrackQuantity,
    InStock,
    Availability,
    PreorderEnabled,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "id" => FieldSpec::filter_only(Self::Id, ValueKind::Guid),
            "variantId" => FieldSpec::filter_only(Self::VariantId, ValueKind::Guid),
            "locationId" => FieldSpec::filter_only(Self::LocationId, ValueKind::Guid),
            "productId" => FieldSpec::sortable(Self::ProductId, ValueKind::Guid),
            "product.name" => FieldSpec::sortable(Self::ProductName, ValueKind::Text),
            "product.variantName" => FieldSpec::sortable(Self::VariantName, ValueKind::Text),
            "product.variantSku" => FieldSpec::sortable(Self::VariantSku, ValueKind::Text),
            "product.variantBarcode" => FieldSpec::sortable(Self::Barcode, ValueKind::Text),
            "product.brand.id" => FieldSpec::sortable(Self::Brand, ValueKind::Guid),
            "product.directCategoryIds" => FieldSpec::sortable(Self::Categories, ValueKind::Many),
            "createdDate" => FieldSpec::sortable(Self::Created, ValueKind::Time),
            "updatedDate" => FieldSpec::sortable(Self::Updated, ValueKind::Time),
            "quantity" => FieldSpec::sortable(Self::Quantity, ValueKind::Number),
            "trackQuantity" => FieldSpec::sortable(Self::TrackQuantity, ValueKind::Flag),
            "inStock" => FieldSpec::sortable(Self::InStock, ValueKind::Flag),
            "availabilityStatus" => FieldSpec::sortable(Self::Availability, ValueKind::Word),
            "preorderInfo.enabled" => FieldSpec::sortable(Self::PreorderEnabled, ValueKind::Flag),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::Id => Some(Index::StockItem),
            Self::VariantId => Some(Index::Variant),
            Self::ProductId => Some(Index::Product),
            Self::VariantSku => Some(Index::Sku),
            _ => self.time().map(Index::ItemTime),
        }
    }
}

impl Field {
    /// The time that the field shows.
    pub(super) fn time(self) -> Option<ItemTime> {
        match self {
            Self::Created => Some(ItemTime::Created),
            Self::Updated => Some(ItemTime::Updated),
            _ => None,
        }
    }

    /// The order of a request that names none: by creation.
    pub(super) fn by_creation(descending: bool) -> Vec<SortKey<Self>> {
        vec![SortKey { field: Self::Created, kind: ValueKind::Time, descending, by_numeric_id: false }]
    }
}

/// An inventory item with what it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct ItemRow<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) product: &'c Product,
    pub(super) variant: &'c Variant,
    pub(super) item: &'c Item,
}

impl<'c> ItemRow<'c> {
    /// The item at this position as this read sees it, if it exists.
    pub(super) fn at(catalog: &'c Catalog, at: ItemPosition, view: ReadView) -> Option<Self> {
        let listing = at.listing();
        let (product, variant) = catalog.listing(listing)?;
        let item = product.item(listing.variant, at.location(), view)?;
        item.exists.then_some(Self { catalog, product, variant, item })
    }

    /// The id of its location.
    pub(super) fn location(&self) -> uuid::Uuid {
        self.catalog.locations().get(self.item.location).map(|location| location.id).unwrap_or_default()
    }

    /// `IN_STOCK`, `PREORDER` while none is left but preorders are open, else `OUT_OF_STOCK`.
    pub(super) fn availability(&self) -> &'static str {
        let preorder = self.item.preorder();
        let has_room = preorder.limit.is_none_or(|limit| preorder.counter < limit);
        match (self.item.is_in_stock(), preorder.enabled && has_room) {
            (true, _) => "IN_STOCK",
            (false, true) => "PREORDER",
            (false, false) => "OUT_OF_STOCK",
        }
    }
}

impl Row<Field> for ItemRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let Self { product, variant, item, .. } = self;
        match field {
            Field::Id => Value::Guid(item.id),
            Field::VariantId => Value::Guid(variant.v3_id),
            Field::LocationId => Value::Guid(self.location()),
            Field::ProductId => Value::Guid(product.id),
            Field::ProductName => Value::text(&product.name),
            Field::VariantName if variant.choices.is_empty() => Value::Missing,
            Field::VariantName => Value::Text(Cow::Owned(variant.name())),
            Field::VariantSku => Value::some_text(&variant.sku),
            Field::Categories => Value::Many(product.collection_ids.iter().map(String::as_str).collect()),
            Field::Created => Value::Time(item.created),
            Field::Updated => Value::Time(item.updated),
            #[expect(clippy::cast_precision_loss, reason = "a quantity has five digits")]
            Field::Quantity if item.tracked => Value::Number(item.quantity as f64),
            Field::Quantity | Field::Barcode | Field::Brand => Value::Missing,
            Field::TrackQuantity => Value::Flag(item.tracked),
            Field::InStock => Value::Flag(item.is_in_stock()),
            Field::Availability => Value::text(self.availability()),
            Field::PreorderEnabled => Value::Flag(item.preorder().enabled),
        }
    }
}
