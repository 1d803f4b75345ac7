-- Bundles (诉讼卷宗): the papers of a case put together for a court or an authority, as of a day.

create table case_bundle (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  number key_text not null,                -- 卷宗编号: the case's and a count
  purpose key_text not null check (purpose in ('suit', 'arbitration', 'complaint', 'authority')),
  as_of date_text not null,                -- what happened until then
  attachment_id bigint not null,           -- the kept file
  digest key_text not null,                -- SHA-256 of it
  pages bigint not null check (pages > 0),
  enclosed bigint not null check (enclosed >= 0),
  listed bigint not null check (listed >= enclosed),
  trail_entries bigint not null,           -- the customer's chain of the audit trail, as it stood then
  trail_hash key_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index case_bundle_number on case_bundle (customer_id, number);
create index case_bundle_of_case on case_bundle (customer_id, case_id, id);
