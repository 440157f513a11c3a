-- migration 6: visits
-- usable from: 1
-- why: which customers the access token of a web page's visitor speaks for

CREATE TABLE visits (
  token {BYTES} NOT NULL,
  client BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (token, client)
);
CREATE INDEX visits_by_end ON visits (ends_at);
