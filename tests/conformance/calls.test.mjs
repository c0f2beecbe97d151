// What the official client sends for each call that wixsync makes is what `calls.json` says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { v1, v3 } from './calls.mjs';
import { carried, sent } from './client.mjs';

const recorded = JSON.parse(readFileSync(new URL('calls.json', import.meta.url)));
const { EMULATOR_KEY, EMULATOR_SITE } = process.env;
const MATTER = ['authorization', 'content-type', 'wix-site-id'];

/** A request with the parts that matter; the body of a GET request is what its query string carries. */
function shown({ method, path, query, headers, body }) {
  const known = { [EMULATOR_KEY]: '<key>', [EMULATOR_SITE]: '<site>' };
  const matter = MATTER.filter((name) => name in headers).map((name) => [name, known[headers[name]] ?? headers[name]]);
  const carries = new URLSearchParams(query).has('.r');
  return { method, path, headers: Object.fromEntries(matter), body: carries ? carried({ query }) : body };
}

for (const [catalog, calls] of Object.entries({ v1, v3 })) {
  test(`${catalog}: each call is on record`, () => {
    assert.deepEqual(recorded[catalog].map(({ call }) => call), Object.keys(calls));
  });
  for (const { call, official } of recorded[catalog]) {
    test(`${catalog}: ${call}`, async () => {
      // One of the catalogs refuses the call; what was sent is the same.
      await calls[call]().catch((error) => assert(error.details, error));
      const found = shown(sent.at(-1));
      if (process.env.RECORD) console.error(JSON.stringify({ catalog, call, official: found }));
      assert.deepEqual(found, official);
    });
  }
}
