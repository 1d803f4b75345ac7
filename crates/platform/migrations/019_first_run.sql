-- The first run (首次设置) of an empty database: the one-time code, the browser that entered it, the answers so far.
-- The row goes when the institution is set up.
create table first_run (
  id bigint not null primary key check (id = 1),
  code_hash key_text,                      -- null: it was entered
  code_until moment_text not null,
  visitor_hash key_text,
  answers_json text not null,
  version bigint not null default 1
);
