-- Debtors who cannot be reached (失联): a fact with its kind and ground, ended by a contact that reached the debtor.
create table lost_contact (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind key_text not null check (kind in ('fraud', 'avoidance', 'objective', 'half')),
  ground text not null,
  days_overdue bigint not null check (days_overdue >= 0),
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  set_on date_text not null,
  ended_on date_text,
  ended_by key_text check (ended_by in ('contact', 'mistake', 'replaced', 'case-closed')),
  ended_note text,
  ended_at moment_text,
  ended_user bigint,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((ended_on is null) = (ended_by is null)),
  check ((ended_on is null) = (ended_at is null))
);
create unique index lost_contact_id on lost_contact (id);
-- One status stands about a customer at a time.
create unique index lost_contact_standing on lost_contact (customer_id) where ended_on is null;
create index lost_contact_of_case on lost_contact (customer_id, case_id, id);

-- The quality of post-loan work behind an objective loss (贷后质量发现, S2.4-03).
create table lost_quality (
  customer_id bigint not null,
  id bigint not null,
  lost_id bigint not null,
  officer_id bigint not null,              -- whose work it was
  finding text not null,
  measure text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index lost_quality_of on lost_quality (customer_id, lost_id);

-- A step of tracing (查找记录): what was looked up where, and what it brought.
create table trace_step (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  step key_text not null,                  -- as the policy names it
  happened_on date_text not null,
  searched key_text not null check (searched in ('name', 'company', 'mobile', 'email', 'address', 'other')),
  query text not null,                     -- in words; no number of anybody
  authority text not null,                 -- the authorisation, where the policy wants one
  result key_text not null check (result in ('found', 'clue', 'nothing')),
  finding text not null,
  cost_fen bigint not null check (cost_fen >= 0),
  next_step text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index trace_step_of_case on trace_step (customer_id, case_id, id);
