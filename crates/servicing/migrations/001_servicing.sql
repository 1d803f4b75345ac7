-- Loans (借据) and what happens to them. Facts are inserted once; instalments, positions and totals
-- are caches of replay and can be rebuilt from the facts.

create table contract (
  customer_id bigint not null,
  id bigint not null,
  number key_text not null,
  product key_text not null,
  amount_fen bigint not null check (amount_fen > 0),
  signed_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  primary key (customer_id, id)
);

create table loan (
  customer_id bigint not null,
  id bigint not null,
  number key_text not null,
  contract_id bigint not null,
  product key_text not null,
  purpose text not null,
  security key_text not null,              -- credit, guarantee, mortgage, pledge, mixed
  principal_fen bigint not null check (principal_fen > 0),
  start_on date_text not null,
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  account_sealed bytea,                    -- the account that pays and repays
  account_masked text,
  state key_text not null check (state in ('active', 'hidden')),
  note text,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  version bigint not null default 1,
  primary key (customer_id, id),
  foreign key (customer_id, contract_id) references contract (customer_id, id)
);
create index loan_number on loan (number);
create index loan_manager on loan (manager_id);

create table loan_terms (
  customer_id bigint not null,
  loan_id bigint not null,
  version bigint not null,
  effective_on date_text not null,
  terms_json text not null,
  reason text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, loan_id, version),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);

-- The heart: what happened. A reversal is a row that points to its target.
create table loan_transaction (
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  number key_text not null,                -- 流水号
  kind key_text not null,
  effective_on date_text not null,
  ordinal bigint not null,                 -- order within the day
  amount_fen bigint not null,
  body_json text not null,
  reverses_id bigint,
  business_key key_text,                   -- of an imported row: loan, date, amount, ordinal
  channel key_text not null,
  note text,
  approval_id bigint,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index loan_transaction_loan on loan_transaction (customer_id, loan_id, effective_on, ordinal);
create index loan_transaction_day on loan_transaction (effective_on, kind);
create unique index loan_transaction_business_key on loan_transaction (customer_id, loan_id, business_key);
create unique index loan_transaction_reversed_once on loan_transaction (customer_id, reverses_id);

create table loan_instalment (
  customer_id bigint not null,
  loan_id bigint not null,
  no bigint not null,
  from_on date_text not null,
  to_on date_text not null,
  nominal_due_on date_text not null,
  due_on date_text not null,
  principal_due_fen bigint not null,
  principal_paid_fen bigint not null,
  principal_waived_fen bigint not null,
  principal_moved_fen bigint not null,
  interest_due_fen bigint not null,
  interest_paid_fen bigint not null,
  interest_waived_fen bigint not null,
  interest_moved_fen bigint not null,
  outstanding_fen bigint not null,         -- principal and interest still to be paid
  cleared_on date_text,
  provisional bigint not null check (provisional in (0, 1)),
  primary key (customer_id, loan_id, no)
);
create index loan_instalment_open_due on loan_instalment (due_on) where outstanding_fen > 0;

create table loan_position (
  customer_id bigint not null,
  loan_id bigint not null,
  as_of date_text not null,
  status key_text not null,
  disbursed_fen bigint not null,
  principal_fen bigint not null,           -- outstanding, due or not
  overdue_principal_fen bigint not null,
  overdue_interest_fen bigint not null,
  penalty_fen bigint not null,             -- at as_of; later by the accrual lines
  compound_fen bigint not null,
  fee_fen bigint not null,
  cost_fen bigint not null,
  credit_fen bigint not null,
  oldest_due_on date_text,
  next_due_on date_text,
  next_due_fen bigint not null,
  maturity_on date_text not null,
  yearly_e9 bigint not null,
  bucket key_text not null,
  class key_text not null,
  non_accrual_since date_text,
  written_off_on date_text,
  written_off_fen bigint not null,         -- what is still claimed of a written-off debt
  provisional bigint not null check (provisional in (0, 1)),
  accruals_json text not null,
  next_event_on date_text,
  fingerprint key_text not null,           -- of the whole replayed position
  recorded_at moment_text not null,
  version bigint not null,
  primary key (customer_id, loan_id)
);
create index loan_position_event on loan_position (next_event_on);
create index loan_position_overdue on loan_position (oldest_due_on) where oldest_due_on is not null;
create index loan_position_next_due on loan_position (next_due_on);

-- A row whenever a position changed: in force for dates from_on … before to_on, known from
-- recorded_at … before superseded_at. Lists of any past date, in either clock, come from here.
create table loan_position_history (
  customer_id bigint not null,
  loan_id bigint not null,
  from_on date_text not null,
  recorded_at moment_text not null,
  to_on date_text,
  superseded_at moment_text,
  status key_text not null,
  principal_fen bigint not null,
  overdue_principal_fen bigint not null,
  overdue_interest_fen bigint not null,
  penalty_fen bigint not null,
  compound_fen bigint not null,
  fee_fen bigint not null,
  cost_fen bigint not null,
  credit_fen bigint not null,
  oldest_due_on date_text,
  next_due_on date_text,
  next_due_fen bigint not null,
  maturity_on date_text not null,
  yearly_e9 bigint not null,
  bucket key_text not null,
  class key_text not null,
  non_accrual_since date_text,
  written_off_on date_text,
  written_off_fen bigint not null,
  accruals_json text not null,
  as_of date_text not null,
  primary key (customer_id, loan_id, from_on, recorded_at)
);
create index loan_position_history_day on loan_position_history (from_on, to_on);

create table loan_total (
  business_date date_text not null,
  branch_id bigint not null,
  product key_text not null,
  bucket key_text not null,
  class key_text not null,
  status key_text not null,
  loans bigint not null,
  principal_fen bigint not null,
  overdue_principal_fen bigint not null,
  overdue_interest_fen bigint not null,
  primary key (business_date, branch_id, product, bucket, class, status)
);

-- Security (担保): who or what stands behind a loan.
create table guarantee (
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  relation_id bigint,
  guarantor text not null,
  kind key_text not null,                  -- joint (连带), general (一般)
  amount_fen bigint,
  period_until date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  ended_on date_text,
  primary key (customer_id, id)
);
create index guarantee_loan on guarantee (customer_id, loan_id);

create table collateral (
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  kind key_text not null,                  -- mortgage (抵押), pledge (质押)
  description text not null,
  owner text,
  value_fen bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  ended_on date_text,
  primary key (customer_id, id)
);
create index collateral_loan on collateral (customer_id, loan_id);

-- What other capabilities may join to.
create view loan_view as
  select l.customer_id, l.id as loan_id, l.number, l.product, l.security, l.start_on, l.branch_id, l.team_id,
         l.manager_id, l.state, p.status, p.disbursed_fen, p.principal_fen, p.overdue_principal_fen,
         p.overdue_interest_fen, p.penalty_fen, p.compound_fen, p.fee_fen, p.cost_fen, p.oldest_due_on,
         p.next_due_on, p.next_due_fen, p.maturity_on, p.yearly_e9, p.bucket, p.class, p.non_accrual_since,
         p.written_off_on, p.written_off_fen, p.as_of
  from loan l
  join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id;

-- Published for the dashboard (oversight): positions in both clocks, totals, transactions, instalments.
create view loan_position_history_view as
  select l.customer_id, l.id as loan_id, l.number, l.product, l.start_on, l.branch_id, l.team_id, l.manager_id, l.state,
         h.from_on, h.recorded_at, h.to_on, h.superseded_at, h.status, h.principal_fen, h.overdue_principal_fen,
         h.overdue_interest_fen, h.oldest_due_on, h.next_due_on, h.next_due_fen, h.maturity_on, h.bucket, h.class
  from loan l
  join loan_position_history h on h.customer_id = l.customer_id and h.loan_id = l.id;
create view loan_total_view as
  select business_date, branch_id, product, bucket, class, status, loans, principal_fen, overdue_principal_fen,
         overdue_interest_fen
  from loan_total;
-- A reversal stands beside the transaction that it takes back, with both of its clocks.
create view loan_transaction_view as
  select l.customer_id, l.id as loan_id, l.number, l.branch_id, l.team_id, l.manager_id, l.state,
         t.id as transaction_id, t.number as transaction_number, t.kind, t.effective_on, t.amount_fen, t.recorded_at,
         r.effective_on as reversed_on, r.recorded_at as reversed_at
  from loan l
  join loan_transaction t on t.customer_id = l.customer_id and t.loan_id = l.id
  left join loan_transaction r on r.customer_id = t.customer_id and r.reverses_id = t.id;
create view loan_instalment_view as
  select l.customer_id, l.id as loan_id, l.number, l.branch_id, l.team_id, l.manager_id, l.state, i.no, i.due_on,
         i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen
           + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen as due_fen,
         i.principal_paid_fen + i.interest_paid_fen as paid_fen,
         i.outstanding_fen, i.cleared_on
  from loan l
  join loan_instalment i on i.customer_id = l.customer_id and i.loan_id = l.id;
create index loan_instalment_due on loan_instalment (due_on);
create index loan_position_maturity on loan_position (maturity_on);
-- Whole-book sums read these three alone, in the order of their keys, and never a wide row.
create index loan_book on loan (customer_id, id, state, branch_id, team_id, manager_id);
create index loan_position_book on loan_position
  (customer_id, loan_id, status, bucket, class, principal_fen, overdue_principal_fen, overdue_interest_fen);
create index loan_position_history_book on loan_position_history
  (customer_id, loan_id, from_on, to_on, superseded_at, status, bucket, class, principal_fen, overdue_principal_fen,
   overdue_interest_fen);
