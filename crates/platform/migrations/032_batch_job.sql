-- Batches on their way in the background (后台批量办理): what was asked, how far it is, the lines so far. When a run ends its
-- lines become the report of the same key and the job goes; a trial stays until its person asks for the next batch.
create table batch_job (
  user_id bigint not null references app_user (id),
  id bigint not null,
  path key_text not null,                  -- where its form is sent: the verb
  verb key_text not null,                  -- its title is the message batch-<verb>
  back text not null,                      -- the list that it came from
  trial bigint not null check (trial in (0, 1)),
  once key_text not null,                  -- the key of the form: what was done under it is not done again
  asked bytea not null,                    -- the keys picked and the fields of the form, sealed: a reason may hold a name
  language key_text not null,
  things bigint not null check (things > 0),
  things_done bigint not null check (things_done >= 0),
  business_date date_text not null,
  asked_at moment_text not null,
  lease bigint not null,                   -- counts the beginnings: the process of an older one no longer writes
  leased_until moment_text,
  ended_at moment_text,
  primary key (user_id, id)
);
create index batch_job_running on batch_job (leased_until) where ended_at is null;

create table batch_piece (
  user_id bigint not null,
  job_id bigint not null,
  no bigint not null,
  lines_json text not null,
  primary key (user_id, job_id, no),
  foreign key (user_id, job_id) references batch_job (user_id, id)
);
