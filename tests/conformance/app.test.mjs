// The credentials of an app: tokens are asked for, used, and renewed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { code, control, failure, sent, withApp } from './client.mjs';

const tokenCalls = () => sent.filter(({ path }) => path === '/oauth2/token').length;

test('one token serves many calls, without the id of the site', async () => {
  const client = withApp();
  const before = tokenCalls();
  await client.catalogVersioning.getCatalogVersion();
  await client.storesLocationsV3.getDefaultStoresLocation();
  assert.equal(tokenCalls(), before + 1);
  const { headers } = sent.at(-1);
  assert.match(headers.authorization, /^OAUTH2\./);
  assert.equal(headers['wix-site-id'], undefined);
});

test('a token is renewed when its time is over', async () => {
  await control('PATCH', 'conditions', { behaviour: { tokenLifetimeMs: 1000 } });
  const client = withApp();
  await client.catalogVersioning.getCatalogVersion();
  const before = tokenCalls();
  const first = sent.at(-1).headers.authorization;
  await setTimeout(1100);
  await client.catalogVersioning.getCatalogVersion();
  assert.equal(tokenCalls(), before + 1);
  assert.notEqual(sent.at(-1).headers.authorization, first);
  await control('PATCH', 'conditions', { behaviour: { tokenLifetimeMs: 14400000 } });
});

test('a revoked token gets 401', async () => {
  const client = withApp();
  await client.catalogVersioning.getCatalogVersion();
  await control('POST', 'acts', 'revokeTokens');
  const error = await failure(() => client.catalogVersioning.getCatalogVersion());
  assert.equal(code(error), 'UNAUTHENTICATED');
});

test('wrong credentials get no token', async () => {
  const before = tokenCalls();
  await failure(() => withApp({ appSecret: 'wrong' }).catalogVersioning.getCatalogVersion());
  assert.equal(tokenCalls(), before + 1);
});
