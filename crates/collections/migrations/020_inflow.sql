-- Money seen to come in to a debtor (到账线索), S2.3-09, S2.3-13: on an account that may lawfully be looked at, or as proceeds of
-- assets. It is demanded at once. A row that names another one lets those proceeds go into a new project, for added security.
create table inflow (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind key_text not null check (kind in ('account', 'proceeds', 'release')),
  amount_fen bigint not null check (amount_fen > 0),
  seen_on date_text not null,
  basis text not null,                     -- by what it is lawfully known
  words text not null,
  releases_id bigint,
  security_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((kind = 'release') = (releases_id is not null)),
  check ((kind = 'release') = (security_id is not null))
);
create index inflow_of_case on inflow (customer_id, case_id, id);
create unique index inflow_released_once on inflow (customer_id, releases_id);

-- Rescue money (救助资金), S2.3-11: evaluated, decided by another, its use supervised. Each row is a step that was done.
create table rescue_step (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  step key_text not null check (step in ('evaluation', 'decision', 'use')),
  amount_fen bigint check (amount_fen > 0),
  operation bigint check (operation in (0, 1)),
  capacity bigint check (capacity in (0, 1)),
  controlled bigint check (controlled in (0, 1)),
  accepted bigint check (accepted in (0, 1)),
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((step = 'decision') = (accepted is not null)),
  check ((step = 'decision') = (amount_fen is null)),
  check ((step = 'evaluation') = (operation is not null))
);
create index rescue_step_of_case on rescue_step (customer_id, case_id, id);
