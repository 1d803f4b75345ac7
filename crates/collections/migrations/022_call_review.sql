-- How a call was held, judged by a supervisor (通话评判): once a call, by somebody else than who made it.
create table call_review (
  customer_id bigint not null,
  id bigint not null,
  allowance_id bigint not null,            -- the call
  missed text not null,                    -- 'polite|firm': what of the four it was not; empty: all
  verdict key_text not null check (verdict in ('justified', 'warned', 'violation')),
  opinion text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index call_review_once on call_review (customer_id, allowance_id);
