// The official client, unmodified but for the address: every request goes to the emulator instead of www.wixapis.com.
//
// The emulator's address, key and site id come from the environment. `createClient` takes a `fetch`, which all module
// calls use; the token calls of an app use the global `fetch` with a fixed address, so that one is replaced too.

import assert from 'node:assert/strict';
import { ApiKeyStrategy, AppStrategy, createClient } from '@wix/sdk';
import {
  catalogVersioning,
  inventory,
  inventoryItemsV3,
  products,
  productsV3,
  readOnlyVariantsV3,
  storesLocationsV3,
} from '@wix/stores';

const { EMULATOR_URL, EMULATOR_KEY, EMULATOR_SITE } = process.env;
assert(EMULATOR_URL?.startsWith('http://127.0.0.1:'), 'EMULATOR_URL must be the address of an emulator on loopback');

const realFetch = globalThis.fetch;

/** What the client sent, oldest first: method, path, query string, headers by lower-case name, body. */
export const sent = [];

/** Sends a request to the emulator as it is, and records it. */
async function toEmulator(input, init = {}) {
  const url = new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
  assert.equal(url.origin, 'https://www.wixapis.com', 'the client asked a host that is not the public one');
  const headers = Object.fromEntries(new Headers(init.headers).entries());
  const body = init.body === undefined ? null : JSON.parse(init.body);
  sent.push({ method: init.method ?? 'GET', path: url.pathname, query: url.search.slice(1), headers, body });
  return realFetch(EMULATOR_URL + url.pathname + url.search, init);
}

globalThis.fetch = (input, init) =>
  String(input).startsWith(EMULATOR_URL) ? realFetch(input, init) : toEmulator(input, init);

const modules = {
  catalogVersioning,
  inventory,
  inventoryItemsV3,
  products,
  productsV3,
  readOnlyVariantsV3,
  storesLocationsV3,
};

/** A client with the site's API key. */
export const withKey = (apiKey = EMULATOR_KEY, siteId = EMULATOR_SITE) =>
  createClient({ modules, auth: ApiKeyStrategy({ apiKey, siteId }), fetch: toEmulator });

/** A client with the credentials of an app on the site. */
export const withApp = (change = {}) => {
  const { EMULATOR_APP: appId, EMULATOR_SECRET: appSecret, EMULATOR_INSTANCE: instanceId } = process.env;
  const auth = AppStrategy({ appId, appSecret, instanceId, ...change });
  return createClient({ modules, auth, fetch: toEmulator });
};

/** Asks the emulator's control endpoint. */
export async function control(method, path, body) {
  const response = await realFetch(`${EMULATOR_URL}/_emulator/${path}`, {
    method,
    headers: { authorization: EMULATOR_KEY, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

/** The true level of a SKU. */
export async function level(sku) {
  const { levels } = await control('GET', 'levels');
  assert.equal(levels[sku]?.length, 1, `one listing has the SKU ${sku}`);
  return levels[sku][0];
}

/** A call that must fail; gives the error. */
export async function failure(call) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    return error;
  }
  return assert.fail(`the call succeeded: ${JSON.stringify(answer)}`);
}

/** The code of an application error. */
export const code = (error) => error.details?.applicationError?.code;

/** The body that the query string of the GET form of a query carries. */
export function carried(request) {
  const text = new URLSearchParams(request.query).get('.r');
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

/** Reads all pages of a query; gives the rows and the number of pages. */
export async function toTheEnd(page) {
  const rows = [...page.items];
  let pages = 1;
  while (page.hasNext()) {
    page = await page.next();
    rows.push(...page.items);
    pages += 1;
  }
  return { rows, pages };
}
