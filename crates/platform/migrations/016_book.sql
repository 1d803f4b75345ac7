-- The whole book (整本台账): exports and imports with what became of them, files kept sealed for a while,
-- and beside every row that came in with a book what the file said of its recording.

alter table contact_record add column book_origin text;
alter table decision add column book_origin text;

create table book_run (
  id bigint not null primary key,
  direction key_text not null check (direction in ('out', 'in')),
  state key_text not null check (state in ('running', 'done', 'refused', 'failed', 'removed')),
  dry_run bigint not null check (dry_run in (0, 1)),
  clear bigint not null check (clear in (0, 1)),          -- personal data in clear
  reason text not null,
  digest key_text not null,                -- of the file's bytes; empty while it is not known
  business_date date_text,
  rows_in_all bigint not null check (rows_in_all >= 0),
  size_bytes bigint not null check (size_bytes >= 0),
  findings_json text not null,
  refused bigint not null check (refused >= 0),
  started_at moment_text not null,
  started_by bigint not null,
  ended_at moment_text,
  keep_until moment_text,
  check ((state = 'running') = (ended_at is null))
);
create index book_run_started on book_run (started_at);
create index book_run_digest on book_run (digest);

-- The pieces of a file, sealed.
create table book_piece (
  run_id bigint not null references book_run (id),
  no bigint not null,
  sealed bytea not null,
  primary key (run_id, no)
);

-- What capabilities may join to: names compared byte by byte, so that both databases order them alike.
create view branch_view as
  select id, cast(name as key_text) as name from branch;
