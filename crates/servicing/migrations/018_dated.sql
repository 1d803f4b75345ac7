-- Money received by the day on which it counts, and the open book by the day on which it matures: kept with what changes
-- them, so that a year of either is read without a loan.
create table loan_received (
  effective_on date_text not null,
  branch_id bigint not null,
  kind key_text not null,
  entries bigint not null,
  amount_fen bigint not null,
  primary key (effective_on, branch_id, kind)
);
insert into loan_received (effective_on, branch_id, kind, entries, amount_fen)
  select t.effective_on, l.branch_id, t.kind, count(*), cast(sum(t.amount_fen) as bigint)
  from loan_transaction t
  join loan l on l.customer_id = t.customer_id and l.id = t.loan_id
  left join loan_transaction r on r.customer_id = t.customer_id and r.reverses_id = t.id
  where t.kind in ('repay', 'recover') and l.state = 'active' and r.id is null
  group by t.effective_on, l.branch_id, t.kind;

create table loan_maturing (
  maturity_on date_text not null,
  branch_id bigint not null,
  loans bigint not null,
  principal_fen bigint not null,
  primary key (maturity_on, branch_id)
);
insert into loan_maturing (maturity_on, branch_id, loans, principal_fen)
  select p.maturity_on, l.branch_id, count(*), cast(sum(p.principal_fen) as bigint)
  from loan_position p
  join loan l on l.customer_id = p.customer_id and l.id = p.loan_id
  where l.state = 'active' and p.status in ('undrawn', 'current', 'overdue')
  group by p.maturity_on, l.branch_id;

-- For whoever may see a whole branch.
create view loan_received_view as
  select effective_on, branch_id, kind, entries, amount_fen from loan_received;
create view loan_maturing_view as
  select maturity_on, branch_id, loans, principal_fen from loan_maturing;

-- Loans that became overdue are looked for among those that are, not in all that happened on a day.
create index loan_position_history_overdue on loan_position_history (from_on) where status = 'overdue';
-- Numbers are looked through in the index alone.
drop index loan_number;
create index loan_number on loan (number, customer_id, id, state);
