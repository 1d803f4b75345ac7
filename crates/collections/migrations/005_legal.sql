-- Legal recovery (法律手段): a file per loan, its evidence list, the means taken and what came of them.

create table legal_file (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  ground key_text not null check (ground in ('refusal', 'urgent')),
  gate_json text not null,                 -- what the gate saw on the day of intake
  opened_on date_text not null,
  opened_at moment_text not null,
  opened_by bigint not null,
  closed_on date_text,
  closed_reason text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((closed_on is null) = (closed_reason is null))
);
create unique index legal_file_open on legal_file (customer_id, loan_id) where closed_on is null;

-- A piece of evidence is on file, or was taken back: the last row of an item holds.
create table legal_evidence (
  customer_id bigint not null,
  id bigint not null,
  file_id bigint not null,
  item key_text not null,
  present bigint not null check (present in (0, 1)),
  place text not null,                     -- which paper, and where it lies
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create index legal_evidence_of on legal_evidence (customer_id, file_id, id);

-- A means taken (诉讼、保全、执行等), and later its end: further rows name the row that they end.
create table legal_means (
  customer_id bigint not null,
  id bigint not null,
  file_id bigint not null,
  kind key_text not null,
  happened_on date_text not null,
  authority text not null,                 -- court, arbitration commission, mediator, law firm
  reference text not null,                 -- 案号
  amount_fen bigint check (amount_fen >= 0),
  cost_fen bigint not null check (cost_fen >= 0),
  ends_id bigint,                          -- the means that this row ends
  outcome text,
  title bigint not null default 0 check (title in (0, 1)),  -- the end is a title that can be enforced
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id),
  check ((ends_id is null) = (outcome is null)),
  check (title = 0 or ends_id is not null)
);
create index legal_means_of on legal_means (customer_id, file_id, id);
create unique index legal_means_ended_once on legal_means (customer_id, ends_id);
