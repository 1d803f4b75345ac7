-- Credit information (征信信息): queries with purpose and authorisation, what the report says, and adjustments of the level.
create table credit_query (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  about key_text not null check (about in ('own', 'spouse')),
  purpose key_text not null,               -- as the policy names purposes
  origin key_text not null check (origin in ('pboc', 'agency', 'court', 'other')),
  queried_on date_text not null,
  report_on date_text not null,
  authorisation_id bigint not null,        -- the document by which the person agreed before
  report_id bigint,                        -- the document with the report
  level key_text check (level in ('normal', 'flawed', 'substandard', 'prohibited')),
  record key_text check (record in ('good', 'fairly_good', 'ordinary', 'blemished', 'poor')),
  arrears bigint check (arrears in (0, 1)),
  note text not null,
  valid_until date_text,                   -- from the policy of the day it was recorded
  corrects_id bigint,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id),
  check (level is not null or record is not null)
);

create table credit_debt (
  customer_id bigint not null,
  query_id bigint not null,
  item key_text not null,
  amount_fen bigint not null check (amount_fen >= 0),
  primary key (customer_id, query_id, item),
  foreign key (customer_id, query_id) references credit_query (customer_id, id)
);

-- Adjustments of the level (级别调整): asked for by one, decided by another.
create table credit_adjustment (
  customer_id bigint not null,
  id bigint not null,
  query_id bigint not null,
  ground key_text not null
    check (ground in ('disputed_entry', 'technical_overdue', 'settled_small_arrears', 'paid_guarantee')),
  reason text not null,
  expires_on date_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, query_id) references credit_query (customer_id, id)
);

create table credit_adjustment_end (
  customer_id bigint not null,
  id bigint not null,
  adjustment_id bigint not null,
  outcome key_text not null check (outcome in ('approved', 'refused')),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  unique (customer_id, adjustment_id),
  foreign key (customer_id, adjustment_id) references credit_adjustment (customer_id, id)
);
