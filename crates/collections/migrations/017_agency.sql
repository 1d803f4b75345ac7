-- Collection agencies (催收机构): their contracts, people, publication, evaluations, the cases placed with them, their commission.

-- An agency (催收机构). Whether it is appointed its contracts say.
create table agency (
  id bigint not null primary key,
  number key_text not null,
  name text not null,
  registration_no key_text not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create unique index agency_number on agency (number);
create unique index agency_registration on agency (registration_no);

-- A contract of entrusted processing (委托催收合同): term, purpose, what becomes of the data, sub-delegation, commission.
create table agency_contract (
  id bigint not null primary key,
  agency_id bigint not null,
  number key_text not null,
  from_on date_text not null,
  to_on date_text not null,
  purpose text not null,
  data_terms text not null,                -- return or deletion of personal data at the end
  delegation text not null,                -- sub-delegation, with consent only
  commission_bp bigint not null check (commission_bp between 0 and 10000),
  state key_text not null check (state in ('proposed', 'standing', 'refused', 'ended')),
  approval_id bigint,
  end_approval_id bigint,                  -- an early end that waits, or was approved
  end_reason text,
  ended_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check (from_on <= to_on),
  check ((state = 'ended') = (ended_on is not null))
);
create index agency_contract_of on agency_contract (agency_id, from_on);
create unique index agency_contract_number on agency_contract (number);

-- Put on the list of agencies that anybody can read, or taken off it (公示); the latest row holds.
create table agency_publication (
  id bigint not null primary key,
  agency_id bigint not null,
  published bigint not null check (published in (0, 1)),
  place text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index agency_publication_of on agency_publication (agency_id, id);

-- Who works for an agency (机构人员): users of the house's program with nothing but the cases placed with them.
create table agency_user (
  id bigint not null primary key,
  agency_id bigint not null,
  user_id bigint not null,
  ended_on date_text,
  ended_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  check ((ended_on is null) = (ended_by is null))
);
create unique index agency_user_one on agency_user (user_id) where ended_on is null;
create index agency_user_of on agency_user (agency_id, id);
create index agency_user_by on agency_user (user_id, id);

-- A case placed with an agency (委外案件), with the facts that were handed over and the rate of its contract then.
create table agency_placement (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  agency_id bigint not null,
  contract_id bigint not null,
  worker_id bigint not null,               -- who works it at the agency
  contact_id bigint not null,              -- who answers for it in the house
  owner_before bigint not null,            -- 0: nobody
  role_before key_text not null,
  commission_bp bigint not null check (commission_bp between 0 and 10000),
  overdue_fen bigint not null,
  overdue_since date_text not null,
  from_on date_text not null,
  to_on date_text not null,
  note text not null,
  ended_on date_text,
  ended_at moment_text,
  end_reason key_text,
  end_note text,
  ended_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check (from_on <= to_on),
  check ((ended_on is null) = (end_reason is null))
);
create unique index agency_placement_once on agency_placement (customer_id, case_id) where ended_on is null;
create index agency_placement_of on agency_placement (agency_id, from_on);
create index agency_placement_standing on agency_placement (customer_id) where ended_on is null;
create index agency_placement_id on agency_placement (id);

-- An evaluation (机构评估): scores, figures of conduct as they stood, findings, decision; published by somebody else.
create table agency_evaluation (
  id bigint not null primary key,
  number key_text not null,
  agency_id bigint not null,
  occasion key_text not null check (occasion in ('yearly', 'contract-end', 'extra')),
  period_from date_text not null,
  period_to date_text not null,
  scores_json text not null,
  total bigint not null check (total between 0 and 100),
  figures_json text not null,
  findings text not null,
  decision key_text not null check (decision in ('continue', 'improve', 'stop')),
  published_on date_text,
  published_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  check ((published_on is null) = (published_by is null))
);
create index agency_evaluation_of on agency_evaluation (agency_id, id);
create unique index agency_evaluation_number on agency_evaluation (number);

-- A statement of commission (佣金结算单) over what came in; approved by somebody else.
create table agency_commission (
  id bigint not null primary key,
  number key_text not null,
  agency_id bigint not null,
  period_from date_text not null,
  period_to date_text not null,
  base_fen bigint not null,
  amount_fen bigint not null,
  state key_text not null check (state in ('proposed', 'approved', 'refused')),
  approval_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1
);
create index agency_commission_of on agency_commission (agency_id, id);
create unique index agency_commission_number on agency_commission (number);

-- What a statement is made of (佣金明细): a repayment that came in while placed, or one taken back (`back`).
create table agency_commission_row (
  customer_id bigint not null,
  id bigint not null,
  commission_id bigint not null,
  placement_id bigint not null,
  transaction_id bigint not null,
  back bigint not null check (back in (0, 1)),
  happened_on date_text not null,
  amount_fen bigint not null,
  commission_bp bigint not null,
  commission_fen bigint not null,
  standing bigint not null check (standing in (0, 1)),   -- 0: its statement was refused
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index agency_commission_row_of on agency_commission_row (commission_id);
-- Nothing is paid for twice.
create unique index agency_commission_row_once on agency_commission_row (customer_id, transaction_id, back)
  where standing = 1;

-- What an agency did, for its evaluation.
create index contact_allowance_agency on contact_allowance (agency_id, civil_on) where agency_id is not null;
create index conduct_finding_agency on conduct_finding (agency_id, happened_at) where agency_id is not null;
