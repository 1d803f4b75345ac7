-- Repayment agreements (还款协议): proposed in a case, approved, signed, watched.

create table repayment_agreement (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  loan_id bigint not null,
  number key_text not null,                -- 协议编号
  kind key_text not null check (kind in ('instalments', 'reduction', 'settlement', 'extension', 'restructuring')),
  terms_json text not null,                -- what was agreed, never edited
  total_fen bigint not null check (total_fen > 0),
  waived_fen bigint not null check (waived_fen >= 0),
  last_on date_text not null,
  state key_text not null check (state in ('proposed', 'approved', 'performing', 'kept', 'broken', 'refused', 'withdrawn')),
  approval_id bigint,
  signed_on date_text,
  next_due_on date_text,                   -- while it is performed
  paid_fen bigint not null check (paid_fen >= 0),
  flag_id bigint,                          -- the stop flag that it set
  owner_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((state in ('performing', 'kept', 'broken')) = (signed_on is not null)),
  check ((state = 'performing') = (next_due_on is not null))
);
create unique index repayment_agreement_number on repayment_agreement (number);
-- One agreement stands about a loan at a time.
create unique index repayment_agreement_standing on repayment_agreement (customer_id, loan_id)
  where state in ('proposed', 'approved', 'performing');
create index repayment_agreement_of_case on repayment_agreement (customer_id, case_id, id);
create index repayment_agreement_watched on repayment_agreement (customer_id) where state = 'performing';
create index repayment_agreement_state on repayment_agreement (state, last_on);

-- A step of an agreement's life: a fact, never edited.
create table repayment_agreement_step (
  customer_id bigint not null,
  id bigint not null,
  agreement_id bigint not null,
  case_id bigint not null,
  step key_text not null,
  detail text not null,                    -- who signed and where the paper lies; a reason
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index repayment_agreement_step_of on repayment_agreement_step (customer_id, agreement_id, id);
create index repayment_agreement_step_of_case on repayment_agreement_step (customer_id, case_id, id);
