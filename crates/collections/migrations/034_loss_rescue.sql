-- The expected loss of an overdue customer (预期损失), S4-04: its sum and the exposure with each rating, and on what it rests loan by
-- loan. Ratings of before have none.
alter table overdue_rating add column expected_fen bigint;
alter table overdue_rating add column exposure_fen bigint;

create table expected_loss (
  customer_id bigint not null,
  id bigint not null,
  rating_id bigint not null,
  loan_id bigint not null,
  exposure_fen bigint not null,            -- principal, and what is overdue besides
  days_overdue bigint not null,
  class key_text not null,
  security key_text not null,
  pd_ppm bigint not null,                  -- probability of default
  pd_article text not null,
  lgd_ppm bigint not null,                 -- loss given default
  lgd_article text not null,
  loss_fen bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index expected_loss_of_rating on expected_loss (customer_id, rating_id, id);

-- The new loan of rescue money (救助借款), S2.3-11: tied to the decision that agreed to it, each decision once.
create table rescue_loan (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  decision_id bigint not null,             -- the step that agreed
  loan_id bigint not null,
  principal_fen bigint not null check (principal_fen > 0),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index rescue_loan_decision on rescue_loan (customer_id, decision_id);
create unique index rescue_loan_loan on rescue_loan (customer_id, loan_id);
