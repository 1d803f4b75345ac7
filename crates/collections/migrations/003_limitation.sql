-- Limitation and guarantee periods (时效与保证期间): what happened to a claim, and where its clocks stand.

-- A fact is never edited: the end of a proceeding and a mistake are further rows that name the row they correct.
create table limitation_event (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  guarantee_id bigint,                     -- null: against the debtor
  kind key_text not null,
  happened_on date_text not null,
  ended_on date_text,
  signer key_text,
  missing bigint not null check (missing in (0, 1)),
  agrees bigint not null check (agrees in (0, 1)),
  evidence text not null,                  -- which paper or record, and where it lies
  void bigint not null check (void in (0, 1)),
  corrects_id bigint,
  reason text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  primary key (customer_id, id),
  check (ended_on is null or ended_on >= happened_on),
  check (void = 0 or corrects_id is not null),
  check (corrects_id is null or reason is not null)
);
create index limitation_event_of_loan on limitation_event (customer_id, loan_id);
create unique index limitation_event_corrected_once on limitation_event (customer_id, corrects_id);

-- A cache of the clocks of loans that are overdue; computed anew from the facts at any time.
create table limitation_clock (
  customer_id bigint not null,
  loan_id bigint not null,
  guarantee_id bigint not null,            -- 0: the claim against the debtor
  whom text not null,
  state key_text not null,
  from_on date_text not null,
  until_on date_text,                      -- null while a proceeding holds it
  next_look_on date_text,
  seen_on date_text not null,
  primary key (customer_id, loan_id, guarantee_id)
);
create index limitation_clock_look on limitation_clock (next_look_on) where next_look_on is not null;
create index limitation_clock_until on limitation_clock (until_on);
