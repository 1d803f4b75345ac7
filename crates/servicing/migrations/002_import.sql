-- Imports of a lender's own books (导入): the runs, what they found beside the rows, the answers that are
-- remembered, and which record came in under which business key. The files themselves lie sealed by content.

create table import_file (
  content_hash key_text not null primary key,
  sealed bytea not null,
  size_bytes bigint not null,
  recorded_at moment_text not null,
  recorded_by bigint not null
);

create table import_run (
  id bigint not null primary key,
  file_name text not null,
  content_hash key_text not null references import_file (content_hash),
  kind key_text not null check (kind in ('book')),
  state key_text not null check (state in ('uploaded', 'tried', 'importing', 'imported')),
  layouts_json text not null,
  conventions_json text,                   -- null until the user answered
  summary_json text not null,              -- counts and control totals of the last try or of the import
  partial bigint not null check (partial in (0, 1)),
  done_loans bigint not null,              -- how many loans of the file are dealt with: the progress mark
  branch_id bigint not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  finished_at moment_text,
  version bigint not null default 1
);
create index import_run_recorded on import_run (recorded_at);
create index import_run_content on import_run (content_hash);

-- What stands beside the rows of the user's own file. Values of personal columns are masked.
create table import_finding (
  run_id bigint not null references import_run (id),
  no bigint not null,
  sheet text not null,
  row_no bigint,
  column_no bigint,
  heading text,
  level key_text not null check (level in ('refused', 'warning')),
  code key_text not null,
  facts_json text not null,
  value_masked text,
  loan text,
  primary key (run_id, no)
);

-- What the headings of a sheet mean, as somebody confirmed it.
create table import_mapping (
  fingerprint key_text not null primary key,
  mapping_json text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null
);

-- Which record came in under which business key, by which run. Keys with personal data are blind indexes.
create table import_record (
  kind key_text not null check (kind in ('customer', 'loan', 'guarantee', 'collateral')),
  business_key key_text not null,
  customer_id bigint not null,
  row_id bigint not null,
  run_id bigint not null references import_run (id),
  primary key (kind, business_key)
);
create index import_record_run on import_record (run_id);
