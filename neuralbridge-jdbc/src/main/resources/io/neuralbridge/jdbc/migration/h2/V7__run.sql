-- How far a job is: one row a job that said so.
CREATE TABLE nb_job_progress (
  job_id      bigint PRIMARY KEY,
  attempt     integer NOT NULL,
  fraction    double precision NOT NULL,
  message     varchar NOT NULL,
  reported_at timestamp(6) with time zone NOT NULL
);

-- The last lines of a job's log, without a hole: what stands before the first line was dropped.
CREATE TABLE nb_job_log (
  job_id    bigint   NOT NULL,
  line      bigint   NOT NULL,
  attempt   integer  NOT NULL,
  logged_at timestamp(6) with time zone NOT NULL,
  level     smallint NOT NULL,
  text      varchar  NOT NULL,
  PRIMARY KEY (job_id, line)
);
