-- Vectors by what they depend on, so that no text is embedded twice; little-endian 32-bit floats.
CREATE TABLE nb_embedding_cache (
  hash       bytea       PRIMARY KEY,
  model_id   text COLLATE "C" NOT NULL,
  vector     bytea       NOT NULL,
  tokens     integer     NOT NULL,
  created_at timestamptz NOT NULL,
  used_at    timestamptz NOT NULL
);

-- Floats do not get smaller.
ALTER TABLE nb_embedding_cache ALTER COLUMN vector SET STORAGE EXTERNAL;

CREATE INDEX nb_embedding_cache_model ON nb_embedding_cache (model_id);
CREATE INDEX nb_embedding_cache_created ON nb_embedding_cache (created_at);
CREATE INDEX nb_embedding_cache_used ON nb_embedding_cache (used_at);

-- What all nodes together may send to a provider: how much a bucket had at a time, below zero for
-- what it is owed.
CREATE TABLE nb_rate_bucket (
  name         text COLLATE "C" PRIMARY KEY,
  requests     double precision NOT NULL,
  tokens       double precision NOT NULL,
  refilled_at  timestamptz      NOT NULL,
  closed_until timestamptz      NOT NULL
);
