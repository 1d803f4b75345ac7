-- The platform's own tables. Money in fen, dates and moments as ISO text, flags 0/1, keys 63-bit.

create table business_day (
  id bigint not null primary key check (id = 1),
  current_on date_text not null,           -- the date that people work on
  sealed_on date_text,                     -- the last date whose positions are sealed
  moved_at moment_text not null
);

create table calendar_day (
  day_on date_text not null primary key,
  rests bigint not null check (rests in (0, 1)),
  name text not null
);

create table branch (
  id bigint not null primary key,
  name text not null unique,
  parent_id bigint references branch (id),
  opened_on date_text not null
);

create table team (
  id bigint not null primary key,
  branch_id bigint not null references branch (id),
  name text not null,
  unique (branch_id, name)
);

create table app_user (
  id bigint not null primary key,
  login key_text not null unique,
  name text not null,
  branch_id bigint not null references branch (id),
  team_id bigint references team (id),
  state key_text not null check (state in ('active', 'disabled')),
  password_hash text not null,
  must_change_password bigint not null check (must_change_password in (0, 1)),
  failures bigint not null default 0 check (failures >= 0),
  locked_until moment_text,
  language key_text not null,
  version bigint not null default 1,
  created_at moment_text not null,
  created_by bigint not null
);

create table user_role (
  user_id bigint not null references app_user (id),
  role key_text not null,
  granted_at moment_text not null,
  granted_by bigint not null,
  primary key (user_id, role)
);

create table session (
  token_hash key_text not null primary key,
  user_id bigint not null references app_user (id),
  csrf_token key_text not null,
  address text not null,
  agent text not null,
  started_at moment_text not null,
  seen_at moment_text not null,
  expires_at moment_text not null,
  ended_at moment_text
);
create index session_of_user on session (user_id, ended_at);

create table idempotency_key (
  user_id bigint not null,
  key key_text not null,
  action key_text not null,
  claimed_at moment_text not null,
  result text not null,
  primary key (user_id, key)
);

create table audit_head (
  customer_id bigint not null primary key,
  seq bigint not null,
  hash key_text not null,
  changed_on date_text not null
);
create index audit_head_changed on audit_head (changed_on);

create table audit_entry (
  customer_id bigint not null,             -- 0: the institution's own chain
  seq bigint not null,
  at moment_text not null,
  user_id bigint not null,                 -- 0: the system
  origin key_text not null,
  origin_detail text not null,
  action key_text not null,
  subject key_text not null,
  before_json text,
  after_json text,
  reason text,
  previous_hash key_text not null,
  hash key_text not null,
  primary key (customer_id, seq)
);
create index audit_entry_at on audit_entry (at);
create index audit_entry_user on audit_entry (user_id, at);

create table audit_root (
  business_date date_text not null primary key,
  previous_root key_text not null,
  heads text not null,
  root key_text not null,
  sealed_at moment_text not null
);

create table event (
  customer_id bigint not null,
  id bigint not null,
  kind key_text not null,
  subject key_text not null,
  payload_json text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);

create table number_sequence (
  kind key_text not null,
  period key_text not null,
  last bigint not null,
  primary key (kind, period)
);

-- Uniqueness of business numbers, and the way from a number to its row.
create table number_lookup (
  kind key_text not null,                  -- customer, contract, loan, voucher, letter
  number key_text not null,
  customer_id bigint not null,
  id bigint not null,
  primary key (kind, number)
);

create table setting (
  name key_text not null primary key,
  value text not null,
  version bigint not null default 1
);

-- What capabilities may join to.
create view user_view as
  select id, name, branch_id, team_id from app_user;
