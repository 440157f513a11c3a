-- migration 4: settings
-- usable from: 1
-- why: settings of an app as keys with values, and its account at a carrier

CREATE TABLE settings (
  app BIGINT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app, key)
) {BY_PRIMARY_KEY};

-- What an app uses to talk to the carrier that its calls and texts go through.
CREATE TABLE carrier_accounts (
  app BIGINT PRIMARY KEY,
  account_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed_token {BYTES} NOT NULL,
  region TEXT NOT NULL,
  active BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
