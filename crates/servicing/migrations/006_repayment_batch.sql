-- Batches of repayments (批量还款): a bank file that was tried out, and what became of every row of it.
-- The file lies sealed with the imported ones. A dry run stores no row: it is computed whenever somebody looks.

create table repayment_batch (
  id bigint not null primary key,
  file_name text not null,
  content_hash key_text not null references import_file (content_hash),
  channel key_text not null,
  state key_text not null check (state in ('tried', 'recorded')),
  branch_id bigint not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  finished_at moment_text,
  finished_by bigint
);
create index repayment_batch_recorded on repayment_batch (recorded_at);

create table repayment_batch_row (
  batch_id bigint not null references repayment_batch (id),
  no bigint not null,
  sheet text not null,
  row_no bigint not null,
  outcome key_text not null check (outcome in ('recorded', 'existing', 'left')),
  loan_no text,                            -- as the file has it
  paid_on date_text,
  amount_fen bigint,
  findings_json text not null,
  customer_id bigint,                      -- of the loan, where it is known
  loan_id bigint,
  transaction_id bigint,                   -- what was recorded, now or before
  primary key (batch_id, no)
);
