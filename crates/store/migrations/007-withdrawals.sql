-- migration 7: withdrawals
-- usable from: 2
-- why: providers are told of what is gone until they have heard it; choices are offered before they are sent

-- Integrations that are gone, or speak for another sender now, and of which their provider has still to
-- be told. The secrets are those that the integration had, sealed as they were; they go with the row.
CREATE TABLE withdrawals (
  k {KEY},
  integration {BYTES} NOT NULL,
  app BIGINT NOT NULL,
  kind TEXT NOT NULL,
  config TEXT NOT NULL,
  sealed_secrets {BYTES},
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX withdrawals_by_time ON withdrawals (next_at);

-- The event that offers them, so that a second attempt does not offer them twice; 0 for those before.
ALTER TABLE choices ADD COLUMN event BIGINT NOT NULL DEFAULT 0;
