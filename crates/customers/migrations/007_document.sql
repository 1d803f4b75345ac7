-- Documents of a customer's file (客户资料清单): which paper it is, its number, dates and source, and the kept file.
create table customer_document (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  kind key_text not null,                  -- as the policy's list names it
  attachment_id bigint not null,           -- the kept file of the platform
  number_sealed bytea,
  number_masked text not null,
  issued_on date_text,
  expires_on date_text,
  route key_text not null check (route in ('customer', 'verification', 'partner', 'bureau', 'public')),
  source_note text not null,
  replaces_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id)
);
