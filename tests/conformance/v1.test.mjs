// Every call of Catalog V1 that wixsync knows of, made by the official client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carried, code, control, failure, level, sent, toTheEnd, withKey } from './client.mjs';

const client = withKey();
const PLAIN = '00000000-0000-0000-0000-000000000000';
const bySku = async (sku) => {
  const found = await client.products.queryProducts().eq('sku', sku).find();
  assert.equal(found.items.length, 1, sku);
  return found.items[0];
};

test('the version', async () => {
  const { catalogVersion } = await client.catalogVersioning.getCatalogVersion();
  assert.equal(catalogVersion, 'V1_CATALOG');
});

test('products: filters, sort and pages to the end', async () => {
  const page = await client.products.queryProducts().ascending('numericId').limit(50).find();
  const { rows, pages } = await toTheEnd(page);
  assert.equal(pages, 3);
  assert.equal(new Set(rows.map((product) => product._id)).size, 125);
  assert.equal(rows.filter((product) => product.sku === 'HIDDEN').length, 0);
  const cheap = await client.products.queryProducts().lt('price', 2).hasSome('name', ['Apple', 'Lamp']).find();
  assert.deepEqual(cheap.items.map((product) => product.name), ['Apple']);
  const starting = await client.products.queryProducts().startsWith('name', 'Shi').find();
  assert.equal(starting.items[0].manageVariants, true);
  assert.equal(carried(sent.at(-1)).query.filter.name.$startsWith, 'Shi');
});

test('products: a long query goes by POST', async () => {
  const names = Array.from({ length: 90 }, (_, number) => `A name that is long enough to fill a query ${number}`);
  const found = await client.products.queryProducts().hasSome('name', ['Apple', ...names]).find();
  assert.equal(found.items.length, 1);
  assert.equal(sent.at(-1).method, 'POST');
});

test('products: wrong queries are refused', async () => {
  const error = await failure(() => client.products.queryProducts().eq('barcode', '1').find());
  assert.equal(error.details.validationError.fieldViolations.length, 1);
});

test('one product and its variants', async () => {
  const shirt = (await client.products.queryProducts().eq('name', 'Shirt').find()).items[0];
  const { product } = await client.products.getProduct(shirt._id);
  assert.equal(product.variants.length, 2);
  const { variants, totalResults } = await client.products.queryProductVariants(shirt._id, { choices: { Size: 'L' } });
  assert.deepEqual([variants[0].variant.sku, totalResults], ['SHIRT-L', 1]);
  const missing = await failure(() => client.products.getProduct(PLAIN));
  assert.equal(code(missing), 'PRODUCT_NOT_FOUND');
});

test('the variants of the store', async () => {
  const apple = await bySku('APPLE');
  const found = await client.products.queryStoreVariants({ filter: { productId: apple._id }, paging: { limit: 10 } });
  assert.deepEqual([found.variants[0].sku, found.metadata.total], ['APPLE', 1]);
  const { variant } = await client.products.getStoreVariant(found.variants[0]._id);
  assert.equal(variant.managedVariant, false);
  let answer = await client.products.queryStoreVariants({ cursorPaging: { limit: 100 } });
  const rows = [...answer.variants];
  while (answer.metadata.cursors?.next) {
    const cursor = answer.metadata.cursors.next;
    answer = await client.products.queryStoreVariants({ cursorPaging: { limit: 100, cursor } });
    rows.push(...answer.variants);
  }
  assert.equal(rows.length, 127);
});

test('inventory: query, one item, changes and an absolute level', async () => {
  const apple = await bySku('APPLE');
  const filter = JSON.stringify({ productId: apple._id });
  const { inventoryItems } = await client.inventory.queryInventory({ query: { filter, paging: { limit: 5 } } });
  const [item] = inventoryItems;
  assert.deepEqual([item.productId, item.variants[0].quantity], [apple._id, 5]);
  const one = await client.inventory.getInventoryVariants(item._id, { variantIds: [PLAIN] });
  assert.equal(one.inventoryItem.variants[0].variantId, PLAIN);
  await client.inventory.incrementInventory([{ inventoryId: item._id, variantId: PLAIN, incrementBy: 3 }]);
  await client.inventory.decrementInventory([{ productId: apple._id, variantId: PLAIN, decrementBy: 1 }]);
  assert.equal(await level('APPLE'), 7);
  const variants = [{ variantId: PLAIN, quantity: 5 }];
  await client.inventory.updateInventoryVariants(apple._id, { trackQuantity: true, variants });
  assert.equal(await level('APPLE'), 5);
});

test('inventory: limits and refusals', async () => {
  const apple = await bySku('APPLE');
  const entry = { productId: apple._id, variantId: PLAIN, decrementBy: 6 };
  const low = await failure(() => client.inventory.decrementInventory([entry]));
  assert.equal(code(low), 'INSUFFICIENT_INVENTORY');
  // The client itself checks no limits.
  const many = Array.from({ length: 301 }, () => ({ ...entry, decrementBy: 0 }));
  const refused = await failure(() => client.inventory.decrementInventory(many));
  assert.equal(refused.details.validationError.fieldViolations[0].data.threshold, 300);
  assert.equal(await level('APPLE'), 5);
});

test('a product and its variants are updated', async () => {
  const lamp = await bySku('LAMP');
  const { product } = await client.products.updateProduct(lamp._id, { name: 'Old lamp', priceData: { price: 12.5 } });
  assert.deepEqual([product.name, product.priceData.price], ['Old lamp', 12.5]);
  const shirt = (await client.products.queryProducts().eq('name', 'Shirt').find()).items[0];
  const { variants } = await client.products.updateProductVariants(shirt._id, [{ choices: { Size: 'S' }, price: 7 }]);
  assert.equal(variants.find((variant) => variant.choices.Size === 'S').variant.priceData.price, 7);
});

test('calls that the client has no method for', async () => {
  const ask = async (path, body) => {
    const response = await client.fetchWithAuth(`https://www.wixapis.com${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200);
    return response.json();
  };
  const query = { filter: '{"numericId":{"$gt":"0"}}', sort: '[{"numericId":"asc"}]', paging: { limit: 100 } };
  const found = await ask('/stores-reader/v1/products/query', { query, includeVariants: true, includeHiddenProducts: true });
  assert.deepEqual([found.products.length, found.totalResults], [100, 126]);
  const apple = await bySku('APPLE');
  const { inventoryItem } = await ask(`/stores-reader/v2/inventoryItems/product/${apple._id}/getVariants`, {});
  assert.equal(inventoryItem.productId, apple._id);
});

test('the consistency header comes back, and credentials are checked', async () => {
  const fresh = withKey();
  await fresh.catalogVersioning.getCatalogVersion();
  assert.equal(sent.at(-1).headers['x-wix-consistent'], undefined);
  await fresh.catalogVersioning.getCatalogVersion();
  assert(sent.at(-1).headers['x-wix-consistent']);
  const wrong = await failure(() => withKey('wrong').catalogVersioning.getCatalogVersion());
  assert.equal(code(wrong), 'UNAUTHENTICATED');
  const other = withKey(undefined, '5e000000-0000-4000-8000-000000000002');
  assert.equal(code(await failure(() => other.catalogVersioning.getCatalogVersion())), 'PERMISSION_DENIED');
});

test('V3 calls are refused on a V1 site, and faults surface as errors', async () => {
  const v3 = await failure(() => client.inventoryItemsV3.queryInventoryItems().find());
  assert.equal(code(v3), 'CATALOG_V1_SITE_CALLING_CATALOG_V3_API');
  await control('POST', 'faults', { endpoint: 'queryInventory', kind: { status: { code: 503 } } });
  await failure(() => client.inventory.queryInventory({ query: {} }));
  await client.inventory.queryInventory({ query: {} });
});
