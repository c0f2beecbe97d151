// The calls that wixsync makes, made by the official client with the same goods. `calls.json` has what is sent.

import { withKey } from './client.mjs';

const client = withKey();
const PRODUCT = '10000000-0000-4000-8000-000000000001';
const INVENTORY = '20000000-0000-4000-8000-000000000001';
const ITEM = '70000000-0000-4000-8000-000000001001';
const VARIANT = '60000000-0000-4000-8000-000000000001';
const LOCATION = '50000000-0000-4000-8000-000000000001';
const PLAIN = '00000000-0000-0000-0000-000000000000';

export const v1 = {
  'catalog version': () => client.catalogVersioning.getCatalogVersion(),
  'products by SKU': () => client.products.queryProducts().hasSome('sku', ['APPLE', 'LAMP']).limit(100).find(),
  'all products': () => client.products.queryProducts().gt('numericId', '0').ascending('numericId').limit(100).find(),
  'products changed last': () => client.products.queryProducts().descending('lastUpdated').limit(100).find(),
  'inventory of products': () =>
    client.inventory.queryInventory({
      query: { filter: JSON.stringify({ productId: { $hasSome: [PRODUCT] } }), paging: { limit: 100, offset: 0 } },
    }),
  'variants by SKU': () =>
    client.products.queryStoreVariants({ filter: { sku: { $hasSome: ['APPLE'] } }, paging: { limit: 100, offset: 0 } }),
  increment: () => client.inventory.incrementInventory([{ inventoryId: INVENTORY, variantId: PLAIN, incrementBy: 3 }]),
  decrement: () => client.inventory.decrementInventory([{ inventoryId: INVENTORY, variantId: PLAIN, decrementBy: 2 }]),
};

/** Variants in an order in which rows do not move. */
const searched = (filter) =>
  client.readOnlyVariantsV3.searchVariants({
    filter,
    sort: [
      { fieldName: 'productData.productId', order: 'ASC' },
      { fieldName: 'variantId', order: 'ASC' },
    ],
    cursorPaging: { limit: 1000 },
  });

export const v3 = {
  'default location': () => client.storesLocationsV3.getDefaultStoresLocation(),
  'items of a location': () =>
    client.inventoryItemsV3.queryInventoryItems().eq('locationId', LOCATION).ascending('_createdDate').limit(1000).find(),
  'items changed since': () =>
    client.inventoryItemsV3
      .queryInventoryItems()
      .eq('locationId', LOCATION)
      .ge('_updatedDate', '2026-01-01T00:00:00Z')
      .ascending('_updatedDate')
      .limit(1000)
      .find(),
  'items by SKU': () =>
    client.inventoryItemsV3
      .queryInventoryItems()
      .eq('locationId', LOCATION)
      .in('product.variantSku', ['APPLE', 'BARE'])
      .ascending('_createdDate')
      .limit(1000)
      .find(),
  'items of products': () =>
    client.inventoryItemsV3
      .queryInventoryItems()
      .eq('locationId', LOCATION)
      .in('productId', [PRODUCT])
      .ascending('_createdDate')
      .limit(1000)
      .find(),
  'items counted': () => client.inventoryItemsV3.countInventoryItems({ filter: { locationId: LOCATION } }),
  'variants by SKU': () => searched({ sku: { $in: ['APPLE', 'BARE'] } }),
  'all variants': () => searched({}),
  'variants changed since': () => searched({ 'productData.updatedDate': { $gte: '2026-01-01T00:00:00Z' } }),
  'quantities set': () =>
    client.inventoryItemsV3.bulkUpdateInventoryItems(
      [{ inventoryItem: { _id: ITEM, revision: '1', quantity: 12 } }],
      { returnEntity: true, reason: 'MANUAL' },
    ),
  'items created': () =>
    client.inventoryItemsV3.bulkCreateInventoryItems(
      [{ productId: PRODUCT, variantId: VARIANT, locationId: LOCATION, quantity: 0 }],
      { returnEntity: true },
    ),
};
