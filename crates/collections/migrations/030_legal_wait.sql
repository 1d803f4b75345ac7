-- Why no suit is filed yet (暂缓起诉): facts of a legal file, each with the day until which it holds.
create table legal_wait (
  customer_id bigint not null,
  id bigint not null,
  file_id bigint not null,
  reason key_text not null,                -- as the policy names it
  note text not null,
  until_on date_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index legal_wait_of on legal_wait (customer_id, file_id, id);
