-- Exports of lists made in the background (后台导出): what was asked, how far it is, the file in sealed pieces until it expires.
create table export_job (
  user_id bigint not null references app_user (id),
  id bigint not null,
  list key_text not null,
  asked bytea not null,                    -- question and picked keys, sealed: a question may hold a name
  picked bigint not null check (picked >= 0),
  language key_text not null,
  state key_text not null check (state in ('running', 'done', 'failed', 'removed')),
  problem key_text,
  rows_in_all bigint not null check (rows_in_all >= 0),
  rows_done bigint not null check (rows_done >= 0),
  size_bytes bigint not null check (size_bytes >= 0),
  scope_branch bigint not null,            -- the data scope under which it was made
  scope_team bigint not null,
  scope_manager bigint not null,
  business_date date_text,
  asked_at moment_text not null,
  lease bigint not null,                   -- counts the beginnings: the process of an older one no longer writes
  leased_until moment_text,
  ended_at moment_text,
  keep_until moment_text,
  primary key (user_id, id),
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'failed') = (problem is not null))
);
create index export_job_running on export_job (leased_until) where state = 'running';
create index export_job_kept on export_job (keep_until) where state = 'done';

create table export_piece (
  user_id bigint not null,
  job_id bigint not null,
  no bigint not null,
  sealed bytea not null,
  primary key (user_id, job_id, no),
  foreign key (user_id, job_id) references export_job (user_id, id)
);
