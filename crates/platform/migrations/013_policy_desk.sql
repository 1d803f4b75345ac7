-- The policy desk: drafts under people's hands, comparisons on the own book, who read which version.

-- A draft holds the institution's own layer only; the shipped packs below it stay as the version it began from has them.
create table policy_draft (
  id bigint not null primary key,
  base_version_id bigint not null references policy_version (id),
  title text not null,
  note text not null,
  effective_from date_text,
  files_json text not null,
  state key_text not null check (state in ('open', 'submitted', 'closed')),
  version_id bigint references policy_version (id),
  revision bigint not null,
  created_by bigint not null,
  created_at moment_text not null,
  changed_by bigint not null,
  changed_at moment_text not null,
  check (state <> 'submitted' or version_id is not null)
);

-- What a draft would do on the own book; never edited after it is done.
create table policy_comparison (
  id bigint not null primary key,
  draft_id bigint not null references policy_draft (id),
  revision bigint not null,                -- of the draft
  digest key_text not null,                -- of all rules compared
  base_version_id bigint not null,
  business_date date_text not null,
  state key_text not null check (state in ('running', 'done', 'failed')),
  done_steps bigint not null,
  all_steps bigint not null,
  report_json text not null,
  failure text,
  made_by bigint not null,
  made_at moment_text not null
);
create index policy_comparison_draft on policy_comparison (draft_id, id);

-- A subject that would be decided otherwise.
create table policy_comparison_row (
  comparison_id bigint not null,
  seq bigint not null,
  as_of date_text not null,
  decision key_text not null,
  source key_text not null,
  customer_id bigint not null,
  subject_id bigint not null,
  label text not null,
  href text not null,
  outcome_from key_text not null,
  outcome_to key_text not null,
  amount_fen bigint not null,
  primary key (comparison_id, seq)
);
create index policy_comparison_row_cell on policy_comparison_row (comparison_id, as_of, decision, outcome_from, outcome_to);

-- Who confirmed having read a version (S1-01).
create table policy_reading (
  version_id bigint not null,
  user_id bigint not null references app_user (id),
  read_on date_text not null,
  read_at moment_text not null,
  primary key (version_id, user_id)
);
