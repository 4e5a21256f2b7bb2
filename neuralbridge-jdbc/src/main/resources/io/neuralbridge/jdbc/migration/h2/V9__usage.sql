-- What embedding used and cost, by day in UTC; cost in the currency of the host's price table.
CREATE TABLE nb_usage (
  used_on  date NOT NULL,
  model_id varchar NOT NULL,
  tenant   varchar NOT NULL,
  document varchar NOT NULL,
  requests bigint NOT NULL,
  tokens   bigint NOT NULL,
  cost     numeric(20, 9) NOT NULL,
  PRIMARY KEY (used_on, model_id, tenant, document)
);
