// The main job, driven by the vendor's own client: a customer writes, the bot in control answers and
// passes control, the agent answers and releases; every subscriber is told, in order.
//
// Needs CROSSPOINT_URL, CROSSPOINT_KEY_ID and CROSSPOINT_KEY_SECRET (the account key).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Sunshine from 'sunshine-conversations-client';
import { startSink } from './sinks.mjs';

const { CROSSPOINT_URL, CROSSPOINT_KEY_ID, CROSSPOINT_KEY_SECRET } = process.env;
const TRIGGERS = [
  'conversation:create', 'conversation:message', 'conversation:read', 'switchboard:passControl',
  'switchboard:releaseControl',
];
const timeout = 300_000;

function clientOf(key) {
  assert.ok(CROSSPOINT_URL, 'CROSSPOINT_URL is not set');
  const client = new Sunshine.ApiClient();
  client.basePath = CROSSPOINT_URL;
  client.authentications.basicAuth.username = key.id;
  client.authentications.basicAuth.password = key.secret;
  return client;
}

function apisOf(client) {
  const names = [
    'Activities', 'AppKeys', 'Apps', 'Attachments', 'Conversations', 'CustomIntegrationApiKeys', 'Integrations',
    'Messages', 'Participants', 'SwitchboardActions', 'SwitchboardIntegrations', 'Switchboards', 'Users', 'Webhooks',
  ];
  return Object.fromEntries(names.map((name) => [name, new Sunshine[`${name}Api`](client)]));
}

const sinks = {};
before(async () => {
  for (const name of ['bot', 'agent', 'crm']) sinks[name] = await startSink(name);
});
after(() => Promise.all(Object.values(sinks).map((sink) => sink.close())));

/** An app with its key; gives its id and the APIs under that key. */
async function createApp() {
  const account = apisOf(clientOf({ id: CROSSPOINT_KEY_ID, secret: CROSSPOINT_KEY_SECRET }));
  const body = new Sunshine.AppCreateBody('Main job');
  body.settings = new Sunshine.AppSettings();
  body.settings.useAnimalNames = true;
  const data = await account.Apps.createApp(body);
  assert.ok(data instanceof Sunshine.AppResponse);
  assert.ok(data.app instanceof Sunshine.App);
  assert.equal(data.app.settings.useAnimalNames, true);
  const made = await account.AppKeys.createAppKey(data.app.id, new Sunshine.AppKeyCreateBody('tests'));
  assert.ok(made.key instanceof Sunshine.AppKey);
  assert.match(made.key.id, /^app_[0-9a-f]{24}$/);
  return { id: data.app.id, apis: apisOf(clientOf(made.key)) };
}

/** A custom integration with a webhook and a key of its own. */
async function createCustom(app, sink) {
  const custom = Sunshine.Custom.constructFromObject({
    type: 'custom', displayName: sink.name, webhooks: [{ target: sink.url, triggers: TRIGGERS }],
  });
  const data = await app.apis.Integrations.createIntegration(app.id, custom);
  assert.ok(data.integration instanceof Sunshine.Integration);
  assert.deepEqual([data.integration.type, data.integration.status], ['custom', 'active']);
  const id = data.integration.id;
  const listed = await app.apis.Webhooks.listWebhooks(app.id, id);
  assert.equal(listed.webhooks.length, 1);
  const webhook = (await app.apis.Webhooks.getWebhook(app.id, id, listed.webhooks[0].id)).webhook;
  assert.ok(webhook instanceof Sunshine.Webhook);
  assert.deepEqual([webhook.target, webhook.triggers], [sink.url, TRIGGERS]);
  const keyBody = new Sunshine.IntegrationApiKey();
  keyBody.displayName = sink.name;
  const made = await app.apis.CustomIntegrationApiKeys.createCustomIntegrationKey(app.id, id, keyBody);
  return { id, secret: webhook.secret, apis: apisOf(clientOf(made.key)) };
}

async function createSwitchboard(app, bot, agent) {
  const data = await app.apis.Switchboards.createSwitchboard(app.id);
  assert.ok(data.switchboard instanceof Sunshine.Switchboard);
  assert.equal(data.switchboard.enabled, false);
  const board = data.switchboard.id;
  const member = async (name, integration, next) => {
    const body = new Sunshine.SwitchboardIntegrationCreateBody(name);
    Object.assign(body, { integrationId: integration.id, deliverStandbyEvents: false });
    if (next) Object.assign(body, { nextSwitchboardIntegrationId: next, messageHistoryCount: 5 });
    const made = await app.apis.SwitchboardIntegrations.createSwitchboardIntegration(app.id, board, body);
    const seat = made.switchboardIntegration;
    assert.ok(seat instanceof Sunshine.SwitchboardIntegration);
    assert.deepEqual([seat.name, seat.integrationId, seat.integrationType], [name, integration.id, 'custom']);
    return seat.id;
  };
  const botSeat = await member('bot', bot);
  const agentSeat = await member('agent', agent, botSeat);
  await app.apis.SwitchboardIntegrations.updateSwitchboardIntegration(app.id, board, botSeat,
    Sunshine.SwitchboardIntegrationUpdateBody.constructFromObject({ nextSwitchboardIntegrationId: agentSeat }));
  const enabled = await app.apis.Switchboards.updateSwitchboard(app.id, board,
    Sunshine.SwitchboardUpdateBody.constructFromObject({ enabled: true, defaultSwitchboardIntegrationId: botSeat }));
  assert.equal(enabled.switchboard.defaultSwitchboardIntegrationId, botSeat);
  return { botSeat, agentSeat };
}

function textPost(author, text) {
  const post = new Sunshine.MessagePost(
    Sunshine.Author.constructFromObject(author), Sunshine.TextMessage.constructFromObject({ type: 'text', text }));
  return post;
}

test('bot to agent through the switchboard', { timeout }, async () => {
  const app = await createApp();
  const bot = await createCustom(app, sinks.bot);
  const agent = await createCustom(app, sinks.agent);
  const crm = await createCustom(app, sinks.crm);
  const { botSeat, agentSeat } = await createSwitchboard(app, bot, agent);

  const userBody = Sunshine.UserCreateBody.constructFromObject({
    externalId: 'customer/1 +x', profile: { givenName: 'Ada', surname: 'Lovelace' }, metadata: { vip: true },
  });
  const user = (await app.apis.Users.createUser(app.id, userBody)).user;
  assert.ok(user instanceof Sunshine.User);
  assert.equal(user.profile.givenName, 'Ada');
  const found = (await app.apis.Users.getUser(app.id, 'customer/1 +x')).user;
  assert.equal(found.id, user.id);

  const created = await app.apis.Conversations.createConversation(app.id,
    Sunshine.ConversationCreateBody.constructFromObject({ type: 'personal', participants: [{ userId: user.id }] }));
  const conversation = created.conversation;
  assert.ok(conversation instanceof Sunshine.Conversation);
  assert.deepEqual([conversation.type, conversation.isDefault], ['personal', true]);
  assert.equal(conversation.activeSwitchboardIntegration.id, botSeat);

  const post = async (apis, author, text) => {
    const data = await apis.Messages.postMessage(app.id, conversation.id, textPost(author, text));
    assert.ok(data instanceof Sunshine.MessagePostResponse);
    assert.ok(data.messages[0] instanceof Sunshine.Message);
    assert.equal(data.messages[0].content.text, text);
    return data.messages[0];
  };
  const m1 = await post(app.apis, { type: 'user', userId: user.id }, 'Where is my parcel?');
  assert.deepEqual([m1.author.type, m1.author.userId], ['user', user.id]);
  assert.equal(m1.author.displayName, 'Ada Lovelace');
  assert.equal(m1.source.type, 'api:conversations');
  await sinks.bot.waitFor(2);
  const m2 = await post(bot.apis, { type: 'business', displayName: 'Bot' }, 'I will ask somebody.');

  const pass = new Sunshine.PassControlBody('next');
  pass.metadata = { topic: 'parcel' };
  const passed = await bot.apis.SwitchboardActions.passControlWithHttpInfo(app.id, conversation.id, pass);
  assert.equal(passed.response.text, '{}');
  await bot.apis.SwitchboardActions.passControl(app.id, conversation.id, pass);
  const held = (await app.apis.Conversations.getConversation(app.id, conversation.id)).conversation;
  assert.equal(held.activeSwitchboardIntegration.id, agentSeat);
  await assert.rejects(bot.apis.SwitchboardActions.releaseControl(app.id, conversation.id), (error) => {
    assert.deepEqual([error.status, error.body.errors[0].code], [403, 'forbidden']);
    return true;
  });

  await sinks.agent.waitFor(1);
  const m3 = await post(agent.apis, { type: 'business', displayName: 'Grace' }, 'It is on its way.');
  const read = Sunshine.ActivityPost.constructFromObject(
    { type: 'conversation:read', author: { type: 'user', userId: user.id } });
  await app.apis.Activities.postActivity(app.id, conversation.id, read);
  await agent.apis.SwitchboardActions.releaseControl(app.id, conversation.id);
  const m4 = await post(app.apis, { type: 'user', userId: user.id }, 'Thanks!');

  await everySinkInOrder(app, { bot, agent, crm }, { user, conversation, m1, m2, m3, m4 });
  await everythingIsRead(app, { user, conversation, messages: [m1, m2, m3, m4] });
});

async function everySinkInOrder(app, integrations, { user, conversation, m1, m2, m3, m4 }) {
  const expected = {
    bot: [
      ['conversation:create', null], ['conversation:message', m1.id], ['conversation:message', m2.id],
      ['switchboard:passControl', null], ['conversation:message', m4.id],
    ],
    agent: [
      ['switchboard:passControl', null], ['conversation:message', m3.id], ['conversation:read', null],
      ['switchboard:releaseControl', null],
    ],
    crm: [
      ['conversation:create', null], ['conversation:message', m1.id], ['conversation:message', m2.id],
      ['switchboard:passControl', null], ['conversation:message', m3.id], ['conversation:read', null],
      ['switchboard:releaseControl', null], ['conversation:message', m4.id],
    ],
  };
  for (const [name, rows] of Object.entries(expected)) {
    const events = await sinks[name].waitFor(rows.length);
    assert.deepEqual(events.map(({ type, payload }) => [type, payload.message?.id ?? null]), rows, name);
    for (const event of events) assert.equal(event.payload.conversation.id, conversation.id);
    for (const { headers, body } of sinks[name].requests) {
      assert.equal(headers['x-api-key'], integrations[name].secret);
      assert.deepEqual([body.app.id, body.webhook.version], [app.id, 'v2']);
    }
  }
  // The client's own models of webhook payloads read them.
  const [create] = sinks.crm.events();
  const event = Sunshine.ConversationCreateEvent.constructFromObject(create);
  assert.equal(event.payload.user.id, user.id);
  assert.equal(event.payload.conversation.activeSwitchboardIntegration.name, 'bot');
  const pass = sinks.agent.events()[0].payload;
  assert.deepEqual(pass.metadata, { topic: 'parcel' });
  assert.deepEqual(pass.messageHistory.map((message) => message.id), [m1.id, m2.id]);
  assert.equal(sinks.crm.events()[3].payload.messageHistory, undefined);
  await new Promise((later) => setTimeout(later, 300));
  for (const [name, rows] of Object.entries(expected)) assert.equal(sinks[name].events().length, rows.length, name);
}

async function everythingIsRead(app, { user, conversation, messages }) {
  const listed = await app.apis.Messages.listMessages(app.id, conversation.id);
  assert.deepEqual(listed.messages.map((message) => message.id), messages.map((message) => message.id));
  assert.equal(listed.meta.hasMore, false);
  const page = { before: messages[2].id };
  const older = await app.apis.Messages.listMessages(app.id, conversation.id, { page });
  assert.deepEqual(older.messages.map((message) => message.id), [messages[0].id, messages[1].id]);
  const filter = { userId: user.id };
  const conversations = (await app.apis.Conversations.listConversations(app.id, filter)).conversations;
  assert.deepEqual(conversations.map(({ id }) => id), [conversation.id]);
  const participants = (await app.apis.Participants.listParticipants(app.id, conversation.id)).participants;
  assert.ok(participants[0] instanceof Sunshine.Participant);
  assert.deepEqual([participants[0].userId, participants[0].userExternalId], [user.id, 'customer/1 +x']);
  const integrations = await app.apis.Integrations.listIntegrations(app.id, { filter: { types: 'custom' } });
  assert.deepEqual(integrations.integrations.map(({ displayName }) => displayName), ['bot', 'agent', 'crm']);
  await assert.rejects(app.apis.Users.getUser(app.id, 'nobody'), (error) => {
    assert.deepEqual([error.status, error.body.errors[0].code], [404, 'user_not_found']);
    return true;
  });
}

test('files go up as the client sends them', { timeout }, async () => {
  const app = await createApp();
  const uploaded = await app.apis.Attachments.uploadAttachment(app.id, 'public', Buffer.from('%PDF-1.4 hello'));
  assert.ok(uploaded.attachment instanceof Sunshine.AttachmentSchema);
  assert.equal(uploaded.attachment.mediaType, 'application/pdf');
  const { mediaUrl } = uploaded.attachment;
  assert.equal(await (await fetch(mediaUrl)).text(), '%PDF-1.4 hello');
  await app.apis.Attachments.deleteAttachment(app.id, new Sunshine.AttachmentDeleteBody(mediaUrl));
  assert.equal((await fetch(mediaUrl)).status, 404);
});
