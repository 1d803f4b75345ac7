-- Calls about what is overdue (催收电话), as the finance post's lists need them: a row a call, written when a contact by phone
-- is recorded with a customer who has something overdue. What was said stays where contacts are kept.

create table dunning_call (
  customer_id bigint not null,
  id bigint not null,
  reached bigint not null check (reached in (0, 1)),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index dunning_call_day on dunning_call (customer_id, effective_on, id);
