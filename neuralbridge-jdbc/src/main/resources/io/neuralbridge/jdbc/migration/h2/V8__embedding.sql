-- Vectors by what they depend on, so that no text is embedded twice; little-endian 32-bit floats.
CREATE TABLE nb_embedding_cache (
  hash       varbinary(32) PRIMARY KEY,
  model_id   varchar   NOT NULL,
  vector     varbinary NOT NULL,
  tokens     integer   NOT NULL,
  created_at timestamp(6) with time zone NOT NULL,
  used_at    timestamp(6) with time zone NOT NULL
);

CREATE INDEX nb_embedding_cache_model ON nb_embedding_cache (model_id);
CREATE INDEX nb_embedding_cache_created ON nb_embedding_cache (created_at);
CREATE INDEX nb_embedding_cache_used ON nb_embedding_cache (used_at);

-- What all nodes together may send to a provider: how much a bucket had at a time, below zero for
-- what it is owed.
CREATE TABLE nb_rate_bucket (
  name         varchar PRIMARY KEY,
  requests     double precision NOT NULL,
  tokens       double precision NOT NULL,
  refilled_at  timestamp(6) with time zone NOT NULL,
  closed_until timestamp(6) with time zone NOT NULL
);
