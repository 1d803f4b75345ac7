-- Copies of the book that the server takes (定时备份): one row a copy, kept when its file is removed.
create table backup_copy (
  id bigint not null primary key,
  planned_on date_text,                    -- the civil day that it was due; null: asked for by a person
  state key_text not null check (state in ('running', 'done', 'failed', 'removed')),
  file text not null,
  bytes bigint check (bytes >= 0),
  row_count bigint check (row_count >= 0),
  business_date date_text,
  problem key_text,
  attempts bigint not null check (attempts > 0),
  started_at moment_text not null,
  ended_at moment_text,
  asked_by bigint not null,                -- 0: the system
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'failed') = (problem is not null))
);
create unique index backup_copy_planned on backup_copy (planned_on) where planned_on is not null;
create index backup_copy_started on backup_copy (started_at);
