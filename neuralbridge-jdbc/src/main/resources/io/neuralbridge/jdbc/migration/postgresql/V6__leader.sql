-- Who does what one node does for all. A row stays when its term is over, so that terms grow.
CREATE TABLE nb_leader (
  duty       text COLLATE "C" PRIMARY KEY,
  node_id    bigint NOT NULL,
  term       bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
