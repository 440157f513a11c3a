-- migration 1: the foundation
-- usable from: 1
-- why: accounts, apps, keys, integrations, switchboards, people, conversations, events, deliveries
--
-- {KEY} is the engine's own rising integer key that is never used twice, {BYTES} its byte string.
-- Times are Unix milliseconds, booleans 0 or 1, ids 12 bytes. Deleted roots keep their row with
-- deleted_at until the sweeper has removed what hangs below them.

CREATE TABLE accounts (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE apps (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  account BIGINT NOT NULL REFERENCES accounts (k),
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT,
  deleted_at BIGINT
);
CREATE INDEX apps_by_account ON apps (account, id);

CREATE TABLE credentials (
  k {KEY},
  id TEXT NOT NULL UNIQUE,
  kind BIGINT NOT NULL,
  account BIGINT NOT NULL,
  app BIGINT,
  integration BIGINT,
  name TEXT NOT NULL,
  sealed_secret {BYTES} NOT NULL,
  seeded BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE INDEX credentials_by_account ON credentials (account, kind);
CREATE INDEX credentials_by_app ON credentials (app, kind);
CREATE INDEX credentials_by_kind ON credentials (kind);
CREATE INDEX credentials_by_integration ON credentials (integration);

CREATE TABLE integrations (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  kind TEXT NOT NULL,
  status BIGINT NOT NULL,
  name TEXT,
  config TEXT NOT NULL,
  sealed_secrets {BYTES},
  default_responder BIGINT NOT NULL DEFAULT 0,
  oauth_client_id TEXT,
  created_at BIGINT NOT NULL,
  modified_at BIGINT,
  deleted_at BIGINT
);
CREATE INDEX integrations_by_app ON integrations (app, id);
CREATE UNIQUE INDEX integrations_by_oauth_client ON integrations (app, oauth_client_id)
  WHERE oauth_client_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE subscriptions (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  integration BIGINT NOT NULL,
  form TEXT NOT NULL,
  target TEXT NOT NULL,
  triggers BIGINT NOT NULL,
  sealed_secret {BYTES} NOT NULL,
  include_full_user BIGINT NOT NULL,
  include_full_source BIGINT NOT NULL,
  settled_through BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX subscriptions_by_app ON subscriptions (app, id);
CREATE INDEX subscriptions_by_integration ON subscriptions (integration, id);

CREATE TABLE switchboards (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL UNIQUE,
  enabled BIGINT NOT NULL,
  default_seat BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE switchboard_integrations (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  switchboard BIGINT NOT NULL,
  name TEXT NOT NULL,
  integration BIGINT NOT NULL UNIQUE,
  integration_id {BYTES} NOT NULL,
  integration_type TEXT NOT NULL,
  deliver_standby_events BIGINT NOT NULL,
  next_seat BIGINT NOT NULL DEFAULT 0,
  message_history_count BIGINT,
  UNIQUE (switchboard, name)
);

-- Seats that are no more: messages and events name who sat there.
CREATE TABLE former_seats (
  seat BIGINT PRIMARY KEY,
  app BIGINT NOT NULL,
  integration BIGINT NOT NULL,
  left_at BIGINT NOT NULL
);
CREATE INDEX former_seats_by_app ON former_seats (app);

CREATE TABLE users (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  external_id TEXT,
  brand_id TEXT NOT NULL DEFAULT '',
  authenticated BIGINT NOT NULL DEFAULT 0,
  signed_up_at BIGINT NOT NULL,
  to_be_retained BIGINT,
  profile TEXT NOT NULL,
  metadata TEXT NOT NULL,
  zendesk_id TEXT,
  created_at BIGINT NOT NULL,
  merged_into BIGINT,
  deleted_at BIGINT
);
-- A deleted user keeps the names for the events that are still to be delivered; they are free again.
CREATE UNIQUE INDEX users_by_external_id ON users (app, brand_id, external_id)
  WHERE external_id IS NOT NULL AND deleted_at IS NULL AND merged_into IS NULL;
CREATE UNIQUE INDEX users_by_zendesk_id ON users (app, zendesk_id)
  WHERE zendesk_id IS NOT NULL AND deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX users_by_merge ON users (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX users_by_app ON users (app, id);

CREATE TABLE identities (
  app BIGINT NOT NULL,
  brand_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value_folded TEXT NOT NULL,
  value TEXT NOT NULL,
  verification TEXT NOT NULL,
  user_key BIGINT NOT NULL,
  PRIMARY KEY (app, kind, value_folded, brand_id)
);
CREATE INDEX identities_by_user ON identities (user_key);

CREATE TABLE clients (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  user_key BIGINT NOT NULL,
  kind TEXT NOT NULL,
  status BIGINT NOT NULL,
  integration BIGINT,
  external_id TEXT,
  last_seen BIGINT,
  linked_at BIGINT,
  display_name TEXT,
  avatar_url TEXT,
  info TEXT,
  raw TEXT,
  link TEXT,
  link_expires_at BIGINT
);
CREATE INDEX clients_by_user ON clients (user_key, id);
CREATE INDEX clients_by_integration ON clients (integration, k);
CREATE UNIQUE INDEX clients_by_external_id ON clients (integration, external_id)
  WHERE external_id IS NOT NULL AND link IS NULL;
CREATE UNIQUE INDEX clients_pending ON clients (user_key, integration) WHERE link IS NOT NULL;
CREATE UNIQUE INDEX clients_sdk ON clients (user_key) WHERE kind = 'sdk';
CREATE INDEX clients_by_link_expiry ON clients (link_expires_at) WHERE link_expires_at IS NOT NULL;

CREATE TABLE devices (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  client BIGINT NOT NULL,
  user_key BIGINT NOT NULL,
  kind TEXT NOT NULL,
  guid TEXT NOT NULL,
  active BIGINT NOT NULL,
  integration BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  push_token TEXT,
  info TEXT,
  app_version TEXT
);
CREATE INDEX devices_by_user ON devices (user_key, last_seen);
CREATE INDEX devices_by_client ON devices (client);

CREATE TABLE conversations (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  is_group BIGINT NOT NULL,
  owner BIGINT,
  is_default BIGINT NOT NULL,
  name TEXT,
  description TEXT,
  icon_url TEXT,
  metadata TEXT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX conversations_by_app ON conversations (app, k);
-- Small: whether the sweeper has removed all that a user had.
CREATE INDEX conversations_going ON conversations (owner) WHERE owner IS NOT NULL AND deleted_at IS NOT NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

-- Narrow: what changes with every message lies on few pages (storage measurements).
CREATE TABLE conversation_state (
  conversation {ROW},
  last_message BIGINT NOT NULL DEFAULT 0,
  last_event BIGINT NOT NULL DEFAULT 0,
  last_at BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  count BIGINT NOT NULL DEFAULT 0,
  floor BIGINT NOT NULL DEFAULT 0,
  milestone BIGINT NOT NULL DEFAULT 0,
  active BIGINT NOT NULL DEFAULT 0,
  pending BIGINT NOT NULL DEFAULT 0,
  business_read_at BIGINT NOT NULL DEFAULT 0,
  opened_at BIGINT NOT NULL DEFAULT 0,
  closed_at BIGINT NOT NULL DEFAULT 0,
  last_moment BIGINT NOT NULL DEFAULT 0,
  said BIGINT NOT NULL DEFAULT 0
);

-- unread = total - read_total - (said - read_said) - skipped. said counts what the only user of a personal
-- conversation wrote, on the row that changes with each message anyway; skipped are deleted messages since the
-- last read and, in a group, own ones.
CREATE TABLE participants (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  conversation BIGINT NOT NULL,
  conversation_id {BYTES} NOT NULL,
  user_key BIGINT NOT NULL,
  read_total BIGINT NOT NULL DEFAULT 0,
  read_said BIGINT NOT NULL DEFAULT 0,
  skipped BIGINT NOT NULL DEFAULT 0,
  last_read BIGINT,
  UNIQUE (conversation, user_key)
);
CREATE INDEX participants_by_conversation ON participants (conversation, id);
CREATE INDEX participants_by_user ON participants (user_key, conversation_id);

-- Who comes last by rank is the primary one of a place. Each callback of a channel reads both trees and no row
-- besides.
CREATE TABLE client_associations (
  participant BIGINT NOT NULL,
  client BIGINT NOT NULL,
  rank BIGINT NOT NULL,
  PRIMARY KEY (participant, client)
) {BY_PRIMARY_KEY};
CREATE INDEX client_associations_by_client ON client_associations (client, rank, participant);

-- Append-only. No index: a row names the previous one of its conversation, and every 64th ordinal
-- is a milestone that the rows after it name; ids rise with k and are found by halving. A deleted
-- message stays as an empty link (state 2) until its conversation goes. The newest row of all stays, so
-- that no key is used twice. The seat of a user's message is who was in control then.
CREATE TABLE messages (
  k {ROW},
  id {BYTES} NOT NULL,
  conversation BIGINT NOT NULL,
  previous BIGINT NOT NULL,
  milestone BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  received BIGINT NOT NULL,
  user_key BIGINT NOT NULL DEFAULT 0,
  kind BIGINT NOT NULL,
  version BIGINT NOT NULL,
  content TEXT,
  shown TEXT,
  metadata TEXT,
  extra TEXT,
  original TEXT,
  state BIGINT NOT NULL DEFAULT 0,
  seat BIGINT NOT NULL DEFAULT 0
);

-- used says that a message has shown it, once at least.
CREATE TABLE attachments (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  conversation BIGINT,
  used BIGINT NOT NULL DEFAULT 0,
  for_message BIGINT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  access BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX attachments_by_app ON attachments (app, k);
CREATE INDEX attachments_by_conversation ON attachments (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX attachments_unused ON attachments (created_at) WHERE for_message = 1 AND used = 0 AND deleted_at IS NULL;
CREATE INDEX attachments_deleted ON attachments (k) WHERE deleted_at IS NOT NULL;

-- Messages that show an attachment which goes with the last of them.
CREATE TABLE attachment_uses (
  attachment BIGINT NOT NULL,
  message BIGINT NOT NULL,
  PRIMARY KEY (attachment, message)
);
CREATE INDEX attachment_uses_by_message ON attachment_uses (message);

-- Append-only outbox. A row names the previous event of its lane; bodies are made at delivery. The newest
-- row of all stays, so that no number is used twice. A message of the business names the client whom it is for
-- and the integration through which it goes.
CREATE TABLE events (
  k {ROW},
  id {BYTES} NOT NULL,
  at BIGINT NOT NULL,
  app BIGINT NOT NULL,
  type BIGINT NOT NULL,
  conversation BIGINT NOT NULL DEFAULT 0,
  user_key BIGINT NOT NULL DEFAULT 0,
  message BIGINT NOT NULL DEFAULT 0,
  client BIGINT NOT NULL DEFAULT 0,
  active BIGINT NOT NULL DEFAULT 0,
  pending BIGINT NOT NULL DEFAULT 0,
  previous BIGINT NOT NULL DEFAULT 0,
  detail TEXT,
  integration BIGINT NOT NULL DEFAULT 0
);
-- Only the lanes of users need it; conversations keep their newest event in their state.
CREATE INDEX events_of_users ON events (user_key, k) WHERE conversation = 0;

-- A lane that waits: everything of it from first_event on is undelivered to this subscription. It gets its
-- public id when it begins to wait, and keeps it until it waits no more.
CREATE TABLE parked (
  id {BYTES} NOT NULL,
  app BIGINT NOT NULL,
  subscription BIGINT NOT NULL,
  conversation BIGINT NOT NULL,
  user_key BIGINT NOT NULL,
  first_event BIGINT NOT NULL,
  last_event BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  parked_at BIGINT NOT NULL,
  PRIMARY KEY (subscription, conversation, user_key)
);
CREATE INDEX parked_by_app ON parked (app, id);

-- What was given up, or is being sent again by hand (next_at set).
CREATE TABLE dead_deliveries (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  subscription BIGINT NOT NULL,
  event BIGINT NOT NULL,
  conversation BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  died_at BIGINT NOT NULL,
  replay_at BIGINT,
  UNIQUE (subscription, event)
);
CREATE INDEX dead_deliveries_by_app ON dead_deliveries (app, id);
-- Events and conversations that are still named outlive their time.
CREATE INDEX dead_deliveries_by_event ON dead_deliveries (event);
CREATE INDEX dead_deliveries_by_conversation ON dead_deliveries (conversation);
CREATE INDEX dead_deliveries_by_replay ON dead_deliveries (replay_at) WHERE replay_at IS NOT NULL;

CREATE TABLE idempotency_keys (
  credential BIGINT NOT NULL,
  key TEXT NOT NULL,
  request_hash {BYTES} NOT NULL,
  result TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (credential, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE oauth_clients (
  k {KEY},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sealed_secret {BYTES} NOT NULL,
  redirect_uris TEXT NOT NULL,
  remove_url TEXT,
  created_at BIGINT NOT NULL
);

CREATE TABLE oauth_codes (
  code_hash {BYTES} NOT NULL PRIMARY KEY,
  oauth_client BIGINT NOT NULL,
  app BIGINT NOT NULL,
  redirect_uri TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- Roots whose rows the sweeper still has to remove, slice by slice.
CREATE TABLE sweeps (
  k {KEY},
  kind BIGINT NOT NULL,
  target BIGINT NOT NULL,
  app BIGINT NOT NULL,
  detail TEXT,
  created_at BIGINT NOT NULL
);
-- Kind 12 waits for deliveries and may be much.
CREATE INDEX sweeps_waiting ON sweeps (k) WHERE kind <> 12;
CREATE INDEX sweeps_departed ON sweeps (k) WHERE kind = 12;
