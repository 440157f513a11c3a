-- migration 8: signals
-- usable from: 3
-- why: endpoints are told what is done and signalled, too, and not only what is said: those that only
--      listen (role 4) hear messages and postbacks (bits 8 and 12), the others reads, typing, activities
--      of the business and signals besides (13, 15, 27 and 28)

UPDATE subscriptions SET triggers = 4352
WHERE triggers = 256 AND integration IN (SELECT integration FROM endpoints WHERE role = 4);
UPDATE subscriptions SET triggers = 402698496
WHERE triggers = 256 AND integration IN (SELECT integration FROM endpoints WHERE role <> 4);

-- Buttons that customers pressed: no messages, but listed among them. A press has the moment and the id of
-- its event, which goes sooner.
CREATE TABLE presses (
  conversation BIGINT NOT NULL,
  at BIGINT NOT NULL,
  id {BYTES} NOT NULL,
  seat BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (conversation, at)
);
