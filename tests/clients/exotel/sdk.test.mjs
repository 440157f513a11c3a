// The vendor's browser SDK, unchanged but for its host: it starts with the app, the settings and the user
// that the server gives it, and says itself when a user is unknown. Its telephone (WebRTC) is replaced by
// one that only notes what it is told.
//
// Needs CROSSPOINT_URL, CROSSPOINT_APP_ID and CROSSPOINT_APP_SECRET.

import assert from 'node:assert/strict';
import Module, { createRequire } from 'node:module';
import { afterEach, beforeEach, mock, test } from 'node:test';

const { CROSSPOINT_URL, CROSSPOINT_APP_ID, CROSSPOINT_APP_SECRET } = process.env;
const VENDOR = 'https://integrationscore.mum1.exotel.com';
const PHONE = '@exotel-npm-dev/webrtc-client-sdk';
const timeout = 150_000;

const phones = [];
class Phone {
  constructor() { phones.push(this); }
  initWebrtc(sip) { this.sip = sip; }
}
const load = Module._load;
Module._load = (request, ...rest) => (
  request === PHONE ? { ExotelWebClient: Phone } : load(request, ...rest)
);
const { ExotelCRMWebSDK } = createRequire(import.meta.url)('@exotel-npm-dev/exotel-ip-calling-crm-websdk');

const answered = [];
const inner = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  assert.ok(String(url).startsWith(VENDOR), `the SDK asks ${url}`);
  const response = await inner(String(url).replace(VENDOR, CROSSPOINT_URL), options);
  answered.push(`${response.status} ${options.method} ${new URL(url).pathname}`);
  return response;
};

// What the SDK complains about.
let complaints;
beforeEach(() => {
  complaints = [];
  answered.length = 0;
  phones.length = 0;
  for (const name of ['error', 'warn']) mock.method(console, name, (...said) => complaints.push(said.join(' ')));
  for (const name of ['info', 'log']) mock.method(console, name, () => {});
});
afterEach(() => mock.restoreAll());

async function ask(method, path, token, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: token }) };
  const response = await inner(CROSSPOINT_URL + path, { method, headers, body: JSON.stringify(body) });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer.Data;
}

async function token() {
  const body = { Id: CROSSPOINT_APP_ID, Secret: CROSSPOINT_APP_SECRET, Entity: 'app' };
  return ask('POST', '/v2/integrations/token', null, body);
}

const USER = {
  AppUserId: 'anna+desk@example.com', AppUsername: 'Anna Bell', Email: 'anna@example.com', ExotelAccountSid: 'sid',
  ExotelUserName: 'Anna Bell', AgentNumber: '+919561900000', VirtualNumber: '+911135124165',
};

test('it starts for a user who is there, before and after settings', { timeout }, async () => {
  const access = await token();
  await ask('POST', '/v2/integrations/usermapping', access, [USER]);
  for (const round of ['without settings', 'with settings']) {
    const sdk = new ExotelCRMWebSDK(access, USER.AppUserId);
    const phone = await sdk.Initialize(() => {});
    assert.deepEqual(complaints, [], round);
    assert.ok(phone, round);
    await ask('POST', '/v2/integrations/app_setting', access, { Key: 'record', Value: 'true' });
  }
  assert.equal(phones.length, 2);
  const { sip } = phones[1];
  assert.match(sip.userName, /^agent[0-9a-f]{24}$/);
  assert.deepEqual([sip.displayname, sip.sipdomain], ['Anna Bell', 'sid.voip.exotel.com']);
  // What the SDK has decrypted is a text of ours, whole.
  assert.match(sip.secret, /^[0-9a-f]{32}$/);
});

test('it says itself that a user is unknown', { timeout }, async () => {
  const sdk = new ExotelCRMWebSDK(await token(), 'nobody@example.com');
  assert.equal(await sdk.Initialize(() => {}), undefined);
  assert.equal(complaints.length, 1);
  assert.match(complaints[0], /User mapping not found for user_id: nobody@example\.com/);
  assert.deepEqual(answered, [
    '200 GET /v2/integrations/app', '200 GET /v2/integrations/app_setting', '404 GET /v2/integrations/usermapping',
  ]);
});

test('it says itself that its token opens nothing', { timeout }, async () => {
  const sdk = new ExotelCRMWebSDK('nonsense', USER.AppUserId);
  assert.equal(await sdk.Initialize(() => {}), undefined);
  assert.match(complaints[0], /Error fetching app\. Status: 401/);
});

test('a call is never said to have been made', { timeout }, async () => {
  const sdk = new ExotelCRMWebSDK(await token(), USER.AppUserId);
  const phone = await sdk.Initialize(() => {});
  const told = await new Promise((resolve) => phone.MakeCall('+15145550100', (...said) => resolve(said)));
  assert.equal(told[0], 'failed');
  assert.equal(answered.at(-1), '501 POST /v2/integrations/call/outbound_call');
});
