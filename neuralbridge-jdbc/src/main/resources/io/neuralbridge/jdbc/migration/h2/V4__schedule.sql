-- Jobs that recur. next_at is null while an entry is paused. start_within: milliseconds, null for ever.
-- unique_key: with its scope, period and replaced fields. declared: what the code last declared of it, null if it was created at run time.
CREATE TABLE nb_schedule (
  name          varchar PRIMARY KEY,
  schedule      varchar NOT NULL,
  zone          varchar NOT NULL,
  next_at       timestamp(6) with time zone,
  last_at       timestamp(6) with time zone,
  last_job_id   bigint,
  manual_job_id bigint,
  misfire       varchar NOT NULL,
  start_within  bigint,
  catch_up      integer NOT NULL,
  overlap       varchar NOT NULL,
  declared      varchar,
  priority      smallint NOT NULL,
  max_attempts  smallint NOT NULL,
  weight        integer NOT NULL,
  queue         varchar NOT NULL,
  kind          varchar NOT NULL,
  limit_key     varchar,
  unique_key    varchar,
  tags          varchar NOT NULL,
  args          clob NOT NULL,
  meta          varchar
);

CREATE INDEX nb_schedule_due ON nb_schedule (next_at);

-- The planned times of the last day that got their job: none gets a second one.
CREATE TABLE nb_schedule_run (
  name       varchar NOT NULL,
  planned_at timestamp(6) with time zone NOT NULL,
  job_id     bigint NOT NULL,
  PRIMARY KEY (name, planned_at)
);
