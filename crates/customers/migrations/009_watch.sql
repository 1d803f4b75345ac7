-- The watch list (关注名单): who stands on which named list, why, from and until when; reviews and ends.
create table watch_entry (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  list key_text not null,                  -- as the policy names lists
  reason text not null,
  from_on date_text not null,
  until_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id),
  check (until_on is null or until_on >= from_on)
);
create index watch_entry_list on watch_entry (list, customer_id);

create table watch_step (
  customer_id bigint not null,
  id bigint not null,
  entry_id bigint not null,
  kind key_text not null check (kind in ('kept', 'ended')),
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, entry_id) references watch_entry (customer_id, id)
);

-- What other capabilities may join to: who stands on a list, until when; ended entries left out.
create view customer_watch_view as
  select e.customer_id, e.id, e.list, e.from_on, e.until_on from watch_entry e
  where not exists (select 1 from watch_step s where s.customer_id = e.customer_id and s.entry_id = e.id
    and s.kind = 'ended');
