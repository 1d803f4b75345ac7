-- Working days and LPR, policy versions and decisions, duties, approvals, the day close.

create table calendar_year (
  year bigint not null primary key,
  source text not null,
  imported_at moment_text not null,
  imported_by bigint not null
);

create table lpr_rate (
  published_on date_text not null primary key,
  one_year_e9 bigint not null check (one_year_e9 > 0),
  five_years_e9 bigint not null check (five_years_e9 > 0)
);

-- One row; its stamp changes with every change of days or rates, so that every process knows its copy is old.
create table calendar_stamp (
  id bigint not null primary key check (id = 1),
  stamp bigint not null
);

-- A version of the institution's rules. Its content is never edited once it was submitted.
create table policy_version (
  id bigint not null primary key,
  pack key_text not null,
  version text not null,
  digest key_text not null,
  files_json text not null,
  effective_from date_text not null,
  effective_to date_text,
  state key_text not null check (state in ('draft', 'submitted', 'approved', 'rejected')),
  note text not null,
  drafted_by bigint not null,
  drafted_at moment_text not null,
  approved_by bigint,
  approved_at moment_text,
  check (approved_by is null or approved_by = 0 or approved_by <> drafted_by)
);
create index policy_version_effective on policy_version (state, effective_from);

create table decision (
  customer_id bigint not null,
  id bigint not null,
  subject key_text not null,
  axis key_text not null,
  outcome key_text not null,
  inputs_json text not null,
  rows_json text not null,
  articles key_text not null,
  policy_version text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  -- by rule, or by a person with reason, expiry and approval
  origin key_text not null check (origin in ('rule', 'person')),
  reason text,
  expires_on date_text,
  approval_id bigint,
  corrects_id bigint,
  primary key (customer_id, id),
  check (origin = 'rule' or reason is not null)
);
create index decision_of_subject on decision (customer_id, subject, axis, effective_on);

-- customer_id 0: a bulk duty, whose cases are its members.
create table duty (
  customer_id bigint not null,
  id bigint not null,
  kind key_text not null,
  rule key_text not null,
  article key_text not null,
  title_zh text not null,
  title_en text not null,
  subject key_text not null,
  whom text not null,
  number text not null,
  amount_fen bigint,
  owner_id bigint not null,                -- 0: anybody with the role in the branch
  owner_role key_text not null,
  branch_id bigint not null,
  team_id bigint not null,
  opened_on date_text not null,
  opens_on date_text not null,
  due_on date_text not null,
  escalate_on date_text,
  escalate_to key_text,
  escalated_on date_text,
  evidence_kinds key_text not null,
  provisional bigint not null check (provisional in (0, 1)),
  fields_json text not null,
  members bigint not null check (members >= 0),
  members_open bigint not null check (members_open between 0 and members),
  state key_text not null check (state in ('open', 'done', 'excused', 'cancelled')),
  evidence key_text,
  reason text,
  reason_rule key_text,
  closed_on date_text,
  closed_at moment_text,
  closed_by bigint,
  version bigint not null default 1,
  primary key (customer_id, id),
  check (opens_on <= due_on),
  check (state <> 'done' or evidence is not null),
  check (state not in ('excused', 'cancelled') or reason is not null),
  check ((state = 'open') = (closed_on is null))
);
create unique index duty_once on duty (customer_id, kind, subject, due_on);
create index duty_open_due on duty (due_on) where state = 'open';
create index duty_open_owner on duty (owner_id, due_on) where state = 'open';
create index duty_open_escalation on duty (escalate_on) where state = 'open' and escalated_on is null;
create index duty_of_subject on duty (customer_id, subject, state);

create table duty_member (
  customer_id bigint not null,
  duty_id bigint not null,
  subject key_text not null,
  whom text not null,
  number text not null,
  amount_fen bigint,
  fields_json text not null,
  opens_on date_text not null,
  evidence_kinds key_text not null,
  state key_text not null check (state in ('open', 'done', 'excused', 'cancelled')),
  evidence key_text,
  reason text,
  closed_on date_text,
  primary key (customer_id, duty_id, subject),
  check (state <> 'done' or evidence is not null),
  check (state not in ('excused', 'cancelled') or reason is not null)
);
create index duty_member_of_duty on duty_member (duty_id, state);
create index duty_member_of_subject on duty_member (customer_id, subject, state);

-- A contact with a debtor, entered by hand (手工登记的联系): a fact, never edited.
create table contact_record (
  customer_id bigint not null,
  id bigint not null,
  subject key_text not null,
  duty_customer_id bigint not null,
  duty_id bigint not null,
  contacted_at moment_text not null,
  channel key_text not null check (channel in ('phone', 'sms', 'message', 'email', 'letter', 'visit')),
  contacted text not null,                 -- who was spoken or written to
  reached bigint not null check (reached in (0, 1)),
  response text not null,
  text_sent text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  corrects_id bigint,
  primary key (customer_id, id)
);
create index contact_record_of_subject on contact_record (customer_id, subject, contacted_at);

create table approval (
  customer_id bigint not null,             -- 0: the institution's own things
  id bigint not null,
  kind key_text not null,
  subject key_text not null,
  title text not null,
  payload_json text not null,
  amount_fen bigint,
  maker bigint not null,
  branch_id bigint not null,
  chain_json text not null,
  chain_title text not null,
  rule key_text not null,
  article key_text not null,
  policy_version text not null,
  step bigint not null check (step >= 0),
  step_roles key_text not null,            -- '|a|b|': who may decide now
  state key_text not null check (state in ('pending', 'returned', 'approved', 'rejected', 'withdrawn')),
  missing_json text not null,
  submitted_on date_text not null,
  submitted_at moment_text not null,
  decided_on date_text,
  decided_at moment_text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((state in ('approved', 'rejected', 'withdrawn')) = (decided_on is not null))
);
create index approval_open on approval (state, submitted_at) where state in ('pending', 'returned');
create index approval_of_subject on approval (customer_id, subject);
create index approval_of_maker on approval (maker, state);

create table approval_opinion (
  customer_id bigint not null,
  id bigint not null,
  approval_id bigint not null,
  step bigint not null,
  verdict key_text not null check (verdict in ('approve', 'reject', 'return', 'withdraw', 'resubmit')),
  by_user bigint not null,
  by_role key_text not null,
  maker bigint not null,
  opinion text not null,
  missing_json text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  primary key (customer_id, id),
  -- the maker never decides
  check ((verdict in ('withdraw', 'resubmit')) = (by_user = maker))
);
create index approval_opinion_of on approval_opinion (customer_id, approval_id);

create table close_run (
  from_on date_text not null primary key,
  to_on date_text not null,
  state key_text not null check (state in ('running', 'failed', 'blocked', 'stopped', 'sealed')),
  problem text not null,
  stop_asked bigint not null check (stop_asked in (0, 1)),
  attempts bigint not null,
  started_by bigint not null,
  started_at moment_text not null,
  moved_at moment_text not null,
  sealed_at moment_text,
  audit_root key_text not null
);

create table close_step_mark (
  from_on date_text not null,
  step key_text not null,
  place bigint not null,
  after_customer bigint not null,
  expected bigint not null,
  considered bigint not null,
  touched bigint not null,
  batches bigint not null,
  done bigint not null check (done in (0, 1)),
  started_at moment_text not null,
  ended_at moment_text not null,
  primary key (from_on, step)
);

create table close_isolated (
  customer_id bigint not null,
  from_on date_text not null,
  subject key_text not null,
  step key_text not null,
  code key_text not null,
  rule key_text not null,
  detail text not null,
  whom text not null,
  number text not null,
  amount_fen bigint,
  link text not null,
  isolated_at moment_text not null,
  acknowledged_by bigint,
  acknowledged_at moment_text,
  reason text,
  mended_on date_text,
  primary key (customer_id, from_on, subject),
  check ((acknowledged_by is null) = (reason is null))
);
create index close_isolated_of_day on close_isolated (from_on);
create index close_isolated_open on close_isolated (customer_id, subject) where mended_on is null;

create table close_proof (
  from_on date_text not null,
  name key_text not null,
  place bigint not null,
  scope text not null,
  unit key_text not null check (unit in ('fen', 'count')),
  left_value bigint not null,
  right_value bigint not null,
  red bigint not null check (red in (0, 1)),
  link text not null,
  checked_at moment_text not null,
  primary key (from_on, name)
);

create table close_lease (
  id bigint not null primary key check (id = 1),
  holder bigint not null,
  expires_at moment_text not null
);
