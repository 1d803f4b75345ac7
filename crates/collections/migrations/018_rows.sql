-- The day of the month on which a debtor is paid (发薪日), S2.5-31: a fact; the last row of a customer holds, and one without a
-- day says that it is not known any more.
create table pay_day (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  day bigint check (day >= 1 and day <= 31),
  source key_text not null,                -- who or what says so
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);

-- How risky an overdue customer is (逾期风险评级), S4-19: rated by the policy's table on what was known then; the last row of a
-- case holds.
create table overdue_rating (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  rating key_text not null,
  days_overdue bigint not null,            -- time
  overdue_fen bigint not null,             -- amount
  left_fen bigint,                         -- capacity; none was assessed
  broken bigint not null,                  -- credit: promises broken
  cause key_text,                          -- why it is not paid; none was found
  article text not null,
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index overdue_rating_of_case on overdue_rating (customer_id, case_id, id);

-- How a bad loan is disposed of (不良处置), S2.2-06: handed over, responsibility found, plan made and decided by another, what was
-- recovered. Each row is a step that was done.
create table disposal_step (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  step key_text not null check (step in ('handover', 'responsibility', 'plan', 'decision', 'recovery')),
  person_id bigint,                        -- to whom it was handed over; who is responsible
  accepted bigint check (accepted in (0, 1)),
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((step = 'decision') = (accepted is not null))
);
create index disposal_step_of_case on disposal_step (customer_id, case_id, id);
