-- migration 3: endpoints
-- usable from: 1
-- why: integrations that are reached by our own sockets and webhooks, what agents send by name, and
--      the keys that sign access tokens

CREATE TABLE endpoints (
  integration BIGINT PRIMARY KEY,
  app BIGINT NOT NULL,
  role BIGINT NOT NULL,
  surface TEXT NOT NULL,
  echo BIGINT NOT NULL,
  allowed_origins TEXT NOT NULL,
  greeting TEXT NOT NULL,
  target TEXT,
  hears TEXT NOT NULL,
  public_key TEXT,
  sealed_private_key {BYTES}
);
CREATE INDEX endpoints_by_app ON endpoints (app);

-- Accounts at providers that one integration holds alone, over all apps.
CREATE TABLE account_claims (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  app BIGINT NOT NULL,
  integration BIGINT NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE INDEX account_claims_by_app ON account_claims (app);
CREATE INDEX account_claims_by_integration ON account_claims (integration);

CREATE TABLE canned_replies (
  id {BYTES} NOT NULL PRIMARY KEY,
  app BIGINT NOT NULL,
  name TEXT NOT NULL,
  category TEXT,
  description TEXT,
  receiver BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  items TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (app, name)
);

CREATE TABLE transfer_links (
  id {BYTES} NOT NULL PRIMARY KEY,
  app BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  url TEXT NOT NULL,
  label TEXT NOT NULL,
  mount_delay_ms BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (app, name)
);

-- The newest one signs; older ones verify until what they signed has ended.
CREATE TABLE token_keys (
  k {KEY},
  id TEXT NOT NULL UNIQUE,
  sealed_private_key {BYTES} NOT NULL,
  public_key {BYTES} NOT NULL,
  created_at BIGINT NOT NULL
);
