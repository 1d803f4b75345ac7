-- The contact guard (联系守卫): allowances and their outcomes, what the guard looks at, what it found.
-- Persons and numbers are known by key and blind index only; nothing here tells who they are.

-- Whoever wants to contact a person, or to dial a number, first takes its row: two cannot count at the same time.
create table contact_person_lock (
  person_id bigint not null primary key,
  turns bigint not null
);
create table contact_number_lock (
  number_index key_text not null primary key,
  turns bigint not null
);

-- The register of lines from which calls are made (外呼线路): numbers of the institution and its agencies.
create table calling_line (
  id bigint not null primary key,
  number key_text not null,
  label text not null,
  agency_id bigint,
  registered_at moment_text not null,
  registered_by bigint not null,
  ended_at moment_text,
  ended_by bigint
);
create unique index calling_line_number on calling_line (number) where ended_at is null;

-- One contact that the guard let through (联系许可), or that happened outside; open until its outcome is entered.
create table contact_allowance (
  customer_id bigint not null,
  id bigint not null,
  person_id bigint not null,               -- whose ledger counts it
  number_index key_text not null,          -- the blind index of the number; empty where none is used
  channel key_text not null check (channel in ('phone', 'sms', 'message', 'email', 'letter', 'visit')),
  purpose key_text not null check (purpose in ('verify', 'care', 'collect')),
  party key_text not null,
  ground_id bigint,                        -- why a third party was contacted
  line_id bigint,
  visitors key_text not null,              -- '|12|15|'
  civil_on date_text not null,             -- the debtor's civil day
  week_on date_text not null,              -- its Monday
  origin key_text not null check (origin in ('guard', 'outside')),
  asked_at moment_text not null,
  asked_by bigint not null,
  agency_id bigint,
  lapses_at moment_text not null,
  connected bigint check (connected in (0, 1)),
  result key_text,
  settled_at moment_text,
  settled_by bigint,
  primary key (customer_id, id),
  check ((connected is null) = (settled_at is null))
);
create index contact_allowance_person on contact_allowance (person_id, week_on);
create index contact_allowance_number on contact_allowance (number_index, week_on);
create index contact_allowance_open on contact_allowance (person_id) where settled_at is null;
create index contact_allowance_asker on contact_allowance (asked_by) where settled_at is null;

-- Why people who do not answer for the debt may be asked to pass a message (联系第三人的理由).
create table contact_ground (
  customer_id bigint not null,
  id bigint not null,
  ground key_text not null check (ground in ('unreachable', 'dead', 'incapable')),
  evidence text not null,
  logged_on date_text not null,
  logged_at moment_text not null,
  logged_by bigint not null,
  ended_at moment_text,
  ended_by bigint,
  ended_reason text,
  primary key (customer_id, id)
);
create unique index contact_ground_standing on contact_ground (customer_id) where ended_at is null;

-- Hours that a debtor agreed to in writing, and the time zone that the debtor lives in (约定联系时段); the last row holds.
create table contact_hours (
  customer_id bigint not null,
  id bigint not null,
  time_zone key_text,
  from_minute bigint,
  until_minute bigint,
  evidence text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id),
  check ((from_minute is null) = (until_minute is null)),
  check (from_minute is null or (0 <= from_minute and from_minute < until_minute and until_minute <= 1440))
);

-- A limit of the institution opened once, within the law (放开一次).
create table contact_opening (
  customer_id bigint not null,
  id bigint not null,
  person_id bigint not null,
  rule key_text not null,
  reason text not null,
  opened_at moment_text not null,
  opened_by bigint not null,
  expires_at moment_text not null,
  allowance_id bigint,                     -- the contact that used it
  primary key (customer_id, id)
);
create index contact_opening_person on contact_opening (person_id) where allowance_id is null;

create table stop_flag (
  customer_id bigint not null,
  id bigint not null,
  kind key_text not null,
  reason text not null,
  evidence text not null,
  set_on date_text not null,
  set_at moment_text not null,
  set_by bigint not null,
  lifted_at moment_text,
  lifted_by bigint,
  lift_reason text,
  primary key (customer_id, id),
  check ((lifted_at is null) = (lift_reason is null))
);
create unique index stop_flag_standing on stop_flag (customer_id, kind) where lifted_at is null;

-- What else is known of a contact than its record says (联系结果明细).
create table contact_outcome (
  customer_id bigint not null,
  contact_id bigint not null,
  allowance_id bigint not null,
  result key_text not null,
  seconds bigint not null check (seconds >= 0),
  pattern key_text,
  warnings bigint not null check (warnings >= 0),
  hung_up bigint not null check (hung_up in (0, 1)),
  said text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, contact_id)
);
create unique index contact_outcome_allowance on contact_outcome (customer_id, allowance_id);
create index contact_outcome_pattern on contact_outcome (pattern, result) where pattern is not null;

-- What was refused, flagged or unlawful (行为发现), for the conduct report.
create table conduct_finding (
  customer_id bigint not null,
  id bigint not null,
  kind key_text not null check (kind in ('refused', 'flagged', 'unlawful')),
  rule key_text not null,
  article text not null,
  detail text not null,                    -- no personal data
  channel key_text not null,
  party key_text not null,
  collector_id bigint not null,
  agency_id bigint,
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  allowance_id bigint,
  happened_at moment_text not null,
  found_at moment_text not null,
  verdict key_text check (verdict in ('justified', 'warned', 'violation')),
  opinion text,
  reviewed_at moment_text,
  reviewed_by bigint,
  primary key (customer_id, id),
  check ((verdict is null) = (reviewed_at is null)),
  check (reviewed_by is null or reviewed_by <> collector_id)
);
create index conduct_finding_time on conduct_finding (happened_at);
create index conduct_finding_collector on conduct_finding (collector_id, happened_at);
