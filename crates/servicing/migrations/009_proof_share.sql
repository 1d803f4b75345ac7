-- Which loans a day touched: the proofs of the close and the steps of other capabilities begin with them.
create index loan_position_as_of on loan_position (as_of, customer_id, loan_id);

-- The close takes the loans of a day in the order of customers, without sorting all of them for every batch.
drop index loan_position_event;
create index loan_position_event on loan_position (next_event_on, customer_id, loan_id);

-- Which customers' loans the proofs of a close went through besides those that were touched (核对轮次). A close that is
-- run again proves the same ones again.
create table proof_share (
  from_on date_text not null primary key,  -- the day that ended
  round_on date_text not null,             -- the first such day of the round
  after_customer bigint not null,
  upto_customer bigint not null,
  whole bigint not null check (whole in (0, 1)),
  check (upto_customer > after_customer)
);

-- The digest of a day's totals as they were written: the next day builds on them.
create table loan_total_seal (
  business_date date_text not null primary key,
  digest key_text not null
);
