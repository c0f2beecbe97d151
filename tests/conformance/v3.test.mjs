// Every call of Catalog V3 that wixsync knows of, made by the official client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carried, code, control, failure, level, sent, toTheEnd, withKey } from './client.mjs';

const client = withKey();
const NOWHERE = '00000000-0000-0000-0000-000000000000';
const items = client.inventoryItemsV3;
const defaultLocation = async () => (await client.storesLocationsV3.getDefaultStoresLocation()).storesLocation;

/** The item of a SKU at the default location. */
const bySku = async (sku) => {
  const location = await defaultLocation();
  const query = items.queryInventoryItems().eq('product.variantSku', sku).eq('locationId', location._id);
  const found = await query.find();
  assert.equal(found.items.length, 1, sku);
  return found.items[0];
};

const outcome = ({ itemMetadata }) => itemMetadata.error?.code ?? itemMetadata.success;

test('the version and the locations', async () => {
  const { catalogVersion } = await client.catalogVersioning.getCatalogVersion();
  assert.equal(catalogVersion, 'V3_CATALOG');
  const location = await defaultLocation();
  assert.deepEqual([location.defaultLocation, location.name], [true, 'Shop']);
  const all = await client.storesLocationsV3.queryStoresLocations().find();
  assert.equal(all.items.length, 2);
  const one = await client.storesLocationsV3.getStoresLocation(location._id);
  assert.equal(one.name, 'Shop');
});

test('items: pages to the end, in an order', async () => {
  const location = await defaultLocation();
  const page = await items
    .queryInventoryItems()
    .eq('locationId', location._id)
    .ascending('_createdDate')
    .limit(50)
    .find();
  const first = carried(sent.at(-1));
  assert.deepEqual(first.query.sort, [{ fieldName: 'createdDate', order: 'ASC' }]);
  const { rows, pages } = await toTheEnd(page);
  assert.equal(pages, 3);
  assert.equal(new Set(rows.map((item) => item._id)).size, 127);
  assert.deepEqual(Object.keys(carried(sent.at(-1)).query), ['cursorPaging'], 'a cursor carries the rest');
  const created = rows.map((item) => item._createdDate.getTime());
  assert.deepEqual(created, created.toSorted((a, b) => a - b));
});

test('items: filters of the query builder', async () => {
  const skus = (items) => new Set(items.map((item) => item.product.variantSku));
  const find = async (query) => [...skus((await query.find()).items)].toSorted();
  const query = () => items.queryInventoryItems();
  assert.deepEqual(await find(query().hasSome('product.variantSku', ['APPLE', 'SHIRT-L'])), ['APPLE', 'SHIRT-L']);
  assert.deepEqual(await find(query().startsWith('product.variantSku', 'shirt')), ['SHIRT-L', 'SHIRT-S']);
  assert.deepEqual(await find(query().eq('trackQuantity', false)), ['GIFT']);
  assert.deepEqual(await find(query().eq('trackQuantity', true).lt('quantity', 3).gt('quantity', 1)), ['SHIRT-L']);
  assert.deepEqual(await find(query().in('quantity', [70])), ['APPLE']);
  const long = Array.from({ length: 99 }, (_, number) => `A-SKU-OF-ABOUT-FORTY-CHARACTERS-NO-${number}`);
  assert.deepEqual(await find(query().in('product.variantSku', ['APPLE', ...long]).gt('quantity', 60)), ['APPLE']);
  assert.equal(sent.at(-1).method, 'POST', 'a long query goes by POST');
});

test('items: search, count and get', async () => {
  const found = await items.searchInventoryItems({ search: { expression: 'shirt' }, cursorPaging: { limit: 1 } });
  assert.deepEqual([found.inventoryItems.length, found.pagingMetadata.hasNext], [1, true]);
  const { count } = await items.countInventoryItems({ filter: { locationId: (await defaultLocation())._id } });
  assert.equal(count, 127);
  const apple = await bySku('APPLE');
  const one = await items.getInventoryItem(apple._id);
  assert.deepEqual([one.quantity, one.revision, one.availabilityStatus], [5, '1', 'IN_STOCK']);
  const missing = await failure(() => items.getInventoryItem(NOWHERE));
  assert.equal(code(missing), 'NOT_FOUND');
});

test('items: wrong queries are refused', async () => {
  const unknown = await failure(() => items.queryInventoryItems().eq('sku', 'APPLE').find());
  assert.match(unknown.details.validationError.fieldViolations[0].description, /not declared as filterable/);
  const large = await failure(() => items.queryInventoryItems().limit(1001).find());
  assert.equal(large.details.validationError.fieldViolations[0].data.threshold, 1000);
});

test('items: updates by revision', async () => {
  const apple = await bySku('APPLE');
  const updated = await items.updateInventoryItem(apple._id, { revision: apple.revision, quantity: 8 }, { reason: 'MANUAL' });
  assert.deepEqual([updated.quantity, updated.revision], [8, '2']);
  const conflict = await failure(() => items.updateInventoryItem(apple._id, { revision: '1', quantity: 9 }));
  assert.deepEqual([code(conflict), conflict.details.applicationError.data.revisionViolation.entityId], [
    'INVALID_REVISION',
    apple._id,
  ]);
  const lamp = await bySku('LAMP');
  const rows = [
    { inventoryItem: { _id: apple._id, revision: '2', quantity: 5 } },
    { inventoryItem: { _id: lamp._id, revision: '7', quantity: 1 } },
  ];
  const answer = await items.bulkUpdateInventoryItems(rows, { returnEntity: true, reason: 'MANUAL' });
  assert.deepEqual(answer.results.map(outcome), [true, 'INVALID_REVISION']);
  assert.deepEqual([answer.results[0].item.quantity, answer.results[0].item.revision], [5, '3']);
  assert.deepEqual(answer.bulkActionMetadata, { totalSuccesses: 1, totalFailures: 1, undetailedFailures: 0 });
  const missing = await failure(() => items.bulkUpdateInventoryItems([{ inventoryItem: { _id: lamp._id, quantity: 1 } }]));
  assert.equal(missing.details.validationError.fieldViolations[0].violatedRule, 'REQUIRED_FIELD');
  assert.deepEqual([await level('APPLE'), await level('LAMP')], [5, 9]);
});

test('items: relative changes, by id and by variant and location', async () => {
  const [apple, gift] = [await bySku('APPLE'), await bySku('GIFT')];
  const up = await items.bulkIncrementInventoryItems([{ inventoryItemId: apple._id, incrementBy: 4 }], { returnEntity: true });
  assert.equal(up.results[0].item.quantity, 9);
  const rows = [
    { inventoryItemId: apple._id, decrementBy: 2 },
    { inventoryItemId: apple._id, decrementBy: 99 },
    { inventoryItemId: gift._id, decrementBy: 1 },
  ];
  const down = await items.bulkDecrementInventoryItems(rows, { restrictInventory: true, returnEntity: true });
  assert.deepEqual(down.results.map(outcome), [true, 'INSUFFICIENT_INVENTORY', 'INVENTORY_QUANTITY_NOT_TRACKED']);
  const { variantId, locationId } = apple;
  await items.bulkIncrementInventoryItemsByVariantAndLocation([{ variantId, locationId, incrementBy: 1 }]);
  await items.bulkDecrementInventoryItemsByVariantAndLocation([{ variantId, locationId, decrementBy: 3 }], {
    restrictInventory: true,
  });
  assert.equal(await level('APPLE'), 5);
});

test('items: created and deleted', async () => {
  const { variants } = await client.readOnlyVariantsV3.searchVariants({ filter: { sku: { $in: ['BARE', 'BARE-2'] } } });
  const [bare, second] = variants.toSorted((a, b) => a.sku.localeCompare(b.sku));
  const goods = (variant) => ({ productId: variant.productData.productId, variantId: variant.variantId });
  const created = await items.createInventoryItem({ ...goods(bare), quantity: 3 });
  assert.equal(created.revision, '1');
  const twice = await failure(() => items.createInventoryItem({ ...goods(bare), quantity: 3 }));
  assert.equal(code(twice), 'ITEM_ALREADY_EXISTS');
  const many = [{ ...goods(bare), quantity: 1 }, { ...goods(second), quantity: 2 }];
  const answer = await items.bulkCreateInventoryItems(many, { returnEntity: true });
  assert.deepEqual(answer.results.map(outcome), ['ITEM_ALREADY_EXISTS', true]);
  assert.equal(await level('BARE-2'), 2);
  await items.deleteInventoryItem(created._id);
  const gone = await items.bulkDeleteInventoryItems([answer.results[1].item._id, created._id]);
  assert.deepEqual(gone.results.map(outcome), [true, 'NOT_FOUND']);
  assert.equal(await level('BARE'), null);
});

test('variants: the search is complete, the query is not', async () => {
  const sort = [{ fieldName: 'productData.productId', order: 'ASC' }, { fieldName: 'variantId', order: 'ASC' }];
  let answer = await client.readOnlyVariantsV3.searchVariants({ sort, cursorPaging: { limit: 100 } });
  const rows = [...answer.variants];
  while (answer.pagingMetadata.cursors.next) {
    const { next: cursor } = answer.pagingMetadata.cursors;
    answer = await client.readOnlyVariantsV3.searchVariants({ cursorPaging: { limit: 100, cursor } });
    rows.push(...answer.variants);
  }
  assert.equal(rows.length, 129);
  const queried = await client.readOnlyVariantsV3.queryVariants().find();
  assert.deepEqual(queried.items.map((variant) => variant.sku).toSorted(), ['SHIRT-L', 'SHIRT-S']);
});

test('products: query, search, get and update', async () => {
  const page = await client.productsV3.queryProducts().limit(100).find();
  const { rows, pages } = await toTheEnd(page);
  assert.deepEqual([rows.length, pages], [128, 2]);
  const found = await client.productsV3.searchProducts({ search: { expression: 'SHIRT-L' } });
  const [shirt] = found.products;
  assert.equal(shirt.variantsInfo, undefined);
  const one = await client.productsV3.getProduct(shirt._id, { fields: ['CURRENCY', 'PLAIN_DESCRIPTION'] });
  assert.deepEqual([one.variantsInfo.variants.length, one.currency], [2, 'EUR']);
  const updated = await client.productsV3.updateProduct(shirt._id, { revision: one.revision, name: 'Blouse' });
  assert.deepEqual([updated.name, updated.revision], ['Blouse', '2']);
  const conflict = await failure(() => client.productsV3.updateProduct(shirt._id, { revision: '1', name: 'Shirt' }));
  assert.equal(code(conflict), 'INVALID_REVISION');
});

test('products: variants are written whole, with their options', async () => {
  const { products } = await client.productsV3.searchProducts({ search: { expression: 'SHIRT-L' } });
  const shirt = await client.productsV3.getProduct(products[0]._id, { fields: ['MERCHANT_DATA'] });
  const { variants } = shirt.variantsInfo;
  const large = variants.find(({ sku }) => sku === 'SHIRT-L');
  large.price = { actualPrice: { amount: '19.99' }, compareAtPrice: { amount: '25' } };
  const { _id, revision, options, visible } = shirt;
  const updated = await client.productsV3.updateProduct(_id, { revision, options, visible, variantsInfo: { variants } });
  assert.equal(Number(updated.revision), Number(revision) + 1);
  const after = await client.productsV3.getProduct(_id);
  const shown = after.variantsInfo.variants.find(({ sku }) => sku === 'SHIRT-L');
  assert.deepEqual([shown.price.actualPrice.amount, shown.price.compareAtPrice.amount], ['19.99', '25']);
  const alone = await failure(() =>
    client.productsV3.updateProduct(_id, { revision: updated.revision, variantsInfo: { variants } }),
  );
  assert.equal(code(alone), 'MISSING_OPTIONS_ON_UPDATE_VARIANTS');
});

test('products: a bulk update answers each product', async () => {
  const { items: found } = await client.productsV3.queryProducts().limit(2).find();
  const [first, second] = found;
  const rows = [
    { product: { _id: first._id, revision: first.revision, name: 'New name' } },
    { product: { _id: second._id, revision: '99', name: 'Never' } },
  ];
  const answer = await client.productsV3.bulkUpdateProducts(rows, { returnEntity: true });
  assert.deepEqual(answer.results.map(outcome), [true, 'INVALID_REVISION']);
  assert.equal(answer.results[0].item.name, 'New name');
});

test('V1 calls are refused on a V3 site, and a site can be moved', async () => {
  const v1 = await failure(() => client.inventory.queryInventory({ query: {} }));
  assert.equal(code(v1), 'CATALOG_V3_CALLING_CATALOG_V1_API');
  await control('POST', 'acts', { moveCatalog: { to: 'V3_PROVISIONING' } });
  const early = await failure(() => items.queryInventoryItems().find());
  assert.equal(code(early), 'CATALOG_V3_SITE_PROVISIONING');
  await control('POST', 'acts', { moveCatalog: { to: 'STORES_NOT_INSTALLED' } });
  const absent = await failure(() => items.queryInventoryItems().find());
  assert.equal(code(absent), 'REQUIRED_APP_NOT_INSTALLED');
  await control('POST', 'acts', { moveCatalog: { to: 'V3_CATALOG' } });
  await items.queryInventoryItems().find();
});
