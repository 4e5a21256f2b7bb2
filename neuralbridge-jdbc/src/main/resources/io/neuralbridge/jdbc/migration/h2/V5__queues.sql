-- What was said of queues, and what their claims remember. Null: nothing was said.
-- plain: nothing of it needs a look under its lock. limits_from: 0 nobody, 1 the code, 2 a person.
-- Durations are microseconds. last_keys: by priority, the key that was served last.
CREATE TABLE nb_queue (
  name                varchar PRIMARY KEY,
  plain               boolean  DEFAULT true NOT NULL,
  paused              boolean,
  started             boolean,
  node_limit          integer,
  node_memory         bigint,
  limits_from         smallint DEFAULT 0 NOT NULL,
  max_running         integer,
  max_running_per_key integer,
  rate_permits        integer,
  rate_period         bigint,
  rate_burst          integer,
  ageing              bigint,
  bucket_full_at      timestamp(6) with time zone,
  last_keys           varchar
);

-- What was said of a queue for single nodes, by their names.
CREATE TABLE nb_queue_node (
  queue       varchar NOT NULL,
  node        varchar NOT NULL,
  paused      boolean,
  started     boolean,
  node_limit  integer,
  node_memory bigint,
  PRIMARY KEY (queue, node)
);

-- What a node runs: queues and how many of their jobs at once.
ALTER TABLE nb_node ADD COLUMN queues varchar;
