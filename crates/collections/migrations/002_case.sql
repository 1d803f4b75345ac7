-- Collection cases (催收案件): one open case per customer, its history, the contacts it needs, promises, causes.

create table collection_case (
  customer_id bigint not null,
  id bigint not null,
  number key_text not null,
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,              -- who manages the customer's loan: the originator
  owner_id bigint not null,                -- who collects; 0 nobody yet
  owner_role key_text not null,
  rung key_text not null,                  -- the step of the action ladder whose duties were opened last
  opened_on date_text not null,
  opened_at moment_text not null,
  closed_on date_text,
  closed_reason key_text,
  lock_by bigint not null default 0,       -- who works it now
  lock_until moment_text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((closed_on is null) = (closed_reason is null)),
  check ((lock_by = 0) = (lock_until is null))
);
create unique index collection_case_open on collection_case (customer_id) where closed_on is null;
create index collection_case_owner on collection_case (owner_id, customer_id) where closed_on is null;
create index collection_case_branch on collection_case (branch_id, customer_id) where closed_on is null;
create index collection_case_lock on collection_case (lock_by) where lock_by <> 0;

-- What happened to a case: a fact, never edited.
create table collection_case_event (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind key_text not null check (kind in ('opened', 'transferred', 'rung', 'unlocked', 'closed')),
  from_value key_text not null,
  to_value key_text not null,
  reason key_text not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create index collection_case_event_of on collection_case_event (customer_id, case_id, id);

-- How many contacts a period asks for and how many were made (催收频次); outcome null while it runs.
create table contact_requirement (
  customer_id bigint not null,
  case_id bigint not null,
  from_on date_text not null,
  until_on date_text not null,
  required bigint not null check (required > 0),
  made bigint not null check (made >= 0),
  outcome key_text check (outcome in ('kept', 'missed', 'excused')),
  excuse key_text,
  owner_id bigint not null,
  branch_id bigint not null,
  primary key (customer_id, case_id, from_on, until_on),
  check (until_on >= from_on),
  check ((outcome = 'excused') = (excuse is not null))
);
create index contact_requirement_open on contact_requirement (until_on) where outcome is null;
create index contact_requirement_owner on contact_requirement (owner_id, until_on) where outcome is null;
create index contact_requirement_outcome on contact_requirement (until_on, outcome);

-- A promise to pay (还款承诺); `settled_*` are what repayments and time made of it.
create table promise (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  amount_fen bigint not null check (amount_fen > 0),
  due_at moment_text not null,
  due_on date_text not null,
  promised_by text not null,
  words text not null,
  paid_fen bigint not null check (paid_fen >= 0),
  state key_text not null check (state in ('open', 'kept', 'part-kept', 'broken', 'withdrawn')),
  settled_at moment_text,
  reason text,
  owner_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id),
  check ((state = 'open') = (settled_at is null)),
  check (state <> 'withdrawn' or reason is not null)
);
create unique index promise_open on promise (customer_id, case_id) where state = 'open';
create index promise_due on promise (due_at) where state = 'open';
create index promise_of_case on promise (customer_id, case_id, id);

-- Why the customer does not pay (拖欠原因): the latest row holds, the others are its history.
create table default_cause (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  cause key_text not null,
  also key_text not null,                  -- further causes that apply, less severe: `c2|c1`
  evidence text not null,
  talk key_text not null,                  -- held, or why none was possible
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create index default_cause_of_case on default_cause (customer_id, case_id, id);

-- What a debtor can pay (能力评估): all income less the basic cost of living (S2.5-13).
create table capacity_assessment (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  income_fen bigint not null check (income_fen >= 0),
  living_fen bigint not null check (living_fen >= 0),
  evidence text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create index capacity_assessment_of_case on capacity_assessment (customer_id, case_id, id);
