-- migration 2: channels
-- usable from: 2
-- why: callbacks once, provider ids of messages, sends with several parts, media that are fetched,
-- choices that come back as text, integrations that are being set up at their provider
--
-- The tables that grow with every message have the rising key, so that what has had its time is found
-- at their beginning without an index of times.

-- What a provider has told us already. serial, the provider's own rising number where it gives one, stands in front in
-- the key: what comes now lies side by side in the index, however many keys there are and whatever they look like. key is
-- a digest of what the provider calls the thing, whose ids can be ten times as long.
CREATE TABLE inbound_seen (
  k {ROW},
  integration BIGINT NOT NULL,
  serial BIGINT NOT NULL,
  key {BYTES} NOT NULL,
  seen_at BIGINT NOT NULL,
  UNIQUE (integration, serial, key)
);

-- The provider's ids of messages of the business. state: 0 told by the provider (message is 0 and early says what was
-- told while we do not know it), 1 sent, 2 arrived, 3 failed. parts are the ids of all parts of a message that was sent in
-- several, null for one that is whole.
CREATE TABLE external_messages (
  k {ROW},
  integration BIGINT NOT NULL,
  external_id TEXT NOT NULL,
  message BIGINT NOT NULL,
  client BIGINT NOT NULL,
  state BIGINT NOT NULL,
  at BIGINT NOT NULL,
  early TEXT,
  parts TEXT,
  UNIQUE (integration, external_id)
);
CREATE INDEX external_messages_open ON external_messages (client, message) WHERE state = 1;

-- How far the sending of an event came: requests that the provider has accepted. A row that is done
-- stays until the subscription has settled the event, so that it is not sent again after a crash. unknown
-- says that the answer to the next request was lost once: it is sent a second time, and no third.
CREATE TABLE sends (
  subscription BIGINT NOT NULL,
  event BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  external_ids TEXT NOT NULL,
  unknown BIGINT NOT NULL,
  done BIGINT NOT NULL,
  PRIMARY KEY (subscription, event)
);

-- Media that are still to be fetched from their provider. place is the medium's place in the content.
CREATE TABLE downloads (
  k {KEY},
  integration BIGINT NOT NULL,
  message BIGINT NOT NULL,
  attachment BIGINT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  medium TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX downloads_by_time ON downloads (next_at);
CREATE INDEX downloads_by_message ON downloads (message);

-- Buttons whose press does not bring their payload back; the customer's answer is turned into it. open says
-- that a typed number or label still means one: until it was answered, or something newer was sent.
CREATE TABLE choices (
  k {KEY},
  client BIGINT NOT NULL,
  choices TEXT NOT NULL,
  offered_at BIGINT NOT NULL,
  open BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX choices_by_client ON choices (client, k);
CREATE INDEX choices_open ON choices (client) WHERE open = 1;

-- Integrations that are being set up at their provider: nobody sees them. What a crash leaves is undone.
CREATE TABLE provisionings (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  kind TEXT NOT NULL,
  config TEXT NOT NULL,
  sealed_secrets {BYTES},
  began_at BIGINT NOT NULL
);

ALTER TABLE integrations ADD COLUMN health_reason TEXT;
ALTER TABLE integrations ADD COLUMN last_good_at BIGINT;
CREATE INDEX integrations_by_kind ON integrations (kind, k);

-- Up to which moment everything has reached the person, where a provider tells it so: what was told may be
-- of a message whose own answer is still on its way to us.
ALTER TABLE clients ADD COLUMN arrived_up_to BIGINT NOT NULL DEFAULT 0;

-- Whether the person has asked to hear nothing: then they have to ask for more. Whoever is blocked otherwise is not
-- any more once they write.
ALTER TABLE clients ADD COLUMN opted_out BIGINT NOT NULL DEFAULT 0;

CREATE INDEX clients_by_match ON clients (integration, external_id) WHERE link IS NOT NULL;

-- Every channel hears what the business says: a subscription that no list shows. It has the id of its
-- integration and no secret. Its triggers are conversation:message, client:add and the business's
-- activities; it begins with what happens from now on.
INSERT INTO subscriptions (id, app, integration, form, target, triggers, sealed_secret, include_full_user,
  include_full_source, settled_through, created_at)
SELECT i.id, i.app, i.k, 'channel', '', 134217986, {NO_BYTES}, 0, 0,
  (SELECT coalesce(max(e.k), 0) FROM events e), i.created_at
FROM integrations i
WHERE i.deleted_at IS NULL AND i.kind NOT IN ('custom', 'web', 'ios', 'android', 'unity')
  AND i.oauth_client_id IS NULL;
