-- migration 5: agents
-- usable from: 1
-- why: people who answer, settings that act, who still waits for an answer, accounts that are deleted

-- People who answer, and how they are reached. place is their place in the app's list, never used twice
-- while others behind it are there.
CREATE TABLE agents (
  k {KEY},
  id {BYTES} NOT NULL UNIQUE,
  app BIGINT NOT NULL,
  place BIGINT NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  carrier_account TEXT NOT NULL,
  carrier_name TEXT NOT NULL,
  phone TEXT,
  line TEXT NOT NULL,
  rings_phone BIGINT NOT NULL,
  rings_sip BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (app, external_id),
  UNIQUE (app, place)
);

-- The subscription that tells the address of a setting.
ALTER TABLE settings ADD COLUMN subscription BIGINT;
CREATE INDEX settings_told ON settings (app) WHERE subscription IS NOT NULL;

-- Addresses that were set before are told what happens from now on. Such a subscription belongs to no
-- integration and has no secret. Triggers: messages, deliveries and messages read; openings; nobody
-- answered; releases.
INSERT INTO subscriptions (id, app, integration, form, target, triggers, sealed_secret, include_full_user,
  include_full_source, settled_through, created_at)
SELECT {RANDOM_ID}, s.app, 0, 'exotel', s.value,
  CASE s.key WHEN 'callback' THEN 4398046514944 WHEN 'popup' THEN 1099511627776
    WHEN 'missedCall' THEN 2199023255552 ELSE 8388608 END,
  {NO_BYTES}, 0, 0, (SELECT coalesce(max(e.k), 0) FROM events e), s.updated_at
FROM settings s JOIN apps a ON a.k = s.app
WHERE s.key IN ('callback', 'popup', 'missedCall', 'incomingCallHangup') AND a.deleted_at IS NULL;
UPDATE settings SET subscription = (SELECT u.k FROM subscriptions u WHERE u.app = settings.app
  AND u.form = 'exotel' AND u.triggers = CASE settings.key WHEN 'callback' THEN 4398046514944
    WHEN 'popup' THEN 1099511627776 WHEN 'missedCall' THEN 2199023255552 ELSE 8388608 END)
WHERE key IN ('callback', 'popup', 'missedCall', 'incomingCallHangup');

-- Conversations that a customer has opened and that somebody wants to hear of if nobody answers in time.
CREATE TABLE awaited_answers (
  conversation BIGINT PRIMARY KEY,
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX awaited_answers_by_time ON awaited_answers (due_at);

ALTER TABLE accounts ADD COLUMN email TEXT;
ALTER TABLE accounts ADD COLUMN deleted_at BIGINT;
