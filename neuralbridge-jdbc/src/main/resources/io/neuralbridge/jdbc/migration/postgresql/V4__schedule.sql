-- Jobs that recur. next_at is null while an entry is paused. start_within: milliseconds, null for ever.
-- unique_key: with its scope, period and replaced fields. declared: what the code last declared of it, null if it was created at run time.
CREATE TABLE nb_schedule (
  name          text COLLATE "C" PRIMARY KEY,
  schedule      text NOT NULL,
  zone          text NOT NULL,
  next_at       timestamptz,
  last_at       timestamptz,
  last_job_id   bigint,
  manual_job_id bigint,
  misfire       text NOT NULL,
  start_within  bigint,
  catch_up      integer NOT NULL,
  overlap       text NOT NULL,
  declared      text,
  priority      smallint NOT NULL,
  max_attempts  smallint NOT NULL,
  weight        integer NOT NULL,
  queue         text COLLATE "C" NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  limit_key     text COLLATE "C",
  unique_key    text,
  tags          text NOT NULL,
  args          text NOT NULL,
  meta          text
);

CREATE INDEX nb_schedule_due ON nb_schedule (next_at) WHERE next_at IS NOT NULL;

-- The planned times of the last day that got their job: none gets a second one.
CREATE TABLE nb_schedule_run (
  name       text COLLATE "C" NOT NULL,
  planned_at timestamptz NOT NULL,
  job_id     bigint NOT NULL,
  PRIMARY KEY (name, planned_at)
);
