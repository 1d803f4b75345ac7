-- By which strategy a case is collected, and in which arm of a trial it is (催收策略与对照): a fact; the last row of a case holds.
create table case_strategy (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  rung key_text not null,                  -- the step of the ladder for which it was chosen
  strategy key_text not null,
  arm key_text not null check (arm in ('champion', 'challenger')),
  challenger_ppm bigint not null check (challenger_ppm >= 0 and challenger_ppm <= 1000000),
  article text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index case_strategy_of_case on case_strategy (customer_id, case_id, id);

-- Papers of security given back (权证归还签收登记), S2.2-04: a fact; by whom they were taken, when, and where the signed receipt lies.
create table collateral_return (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  collateral_id bigint not null,
  received_by text not null,
  received_on date_text not null,
  place text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index collateral_return_once on collateral_return (customer_id, collateral_id);

-- The file of a loan closed (借据结档): everything paid, every paper of its security given back.
create table loan_closing (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index loan_closing_once on loan_closing (customer_id, loan_id);

-- Papers of a case (案件文书), S4-02, S4-03, S4-05: the recovery plan with who is responsible, the opinion of the legal department,
-- what the management group decided. A fact; the last row of a kind holds.
create table case_paper (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind key_text not null check (kind in ('plan', 'opinion', 'minutes')),
  person_id bigint,                        -- who is responsible for a plan
  due_on date_text,                        -- until when
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((kind = 'plan') = (person_id is not null))
);
create index case_paper_of_case on case_paper (customer_id, case_id, id);
