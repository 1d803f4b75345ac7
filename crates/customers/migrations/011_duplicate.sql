-- Duplicates (疑似重复客户): who may be one person or company is computed over these indexes; what people judged is kept.

create table duplicate_judgement (
  customer_id bigint not null references customer (customer_id),   -- the file with the smaller key
  id bigint not null,
  other_id bigint not null references customer (customer_id),
  reason text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check (customer_id < other_id)
);
create index duplicate_judgement_pair on duplicate_judgement (customer_id, other_id);

-- A judgement taken back (撤销认定).
create table duplicate_judgement_end (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  judgement_id bigint not null,
  reason text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index duplicate_judgement_end_once on duplicate_judgement_end (customer_id, judgement_id);

-- Pairs that were judged not to be the same, as long as nobody took it back.
create view duplicate_apart_view as
  select j.customer_id, j.other_id, j.id, j.reason, j.effective_on, j.recorded_by from duplicate_judgement j
  where not exists (select 1 from duplicate_judgement_end e
    where e.customer_id = j.customer_id and e.judgement_id = j.id);

-- What two files can share, in the order in which it is looked for.
create index contact_point_own_phone on contact_point (value_index, customer_id)
  where kind = 'phone' and relation_id is null and ended_at is null;
create index bank_account_in_use on bank_account (account_index, customer_id) where ended_at is null;
create index customer_reading_born on customer (pinyin, born_on, customer_id) where born_on is not null;
-- Companies by their reading, the two legal forms of a limited company taken as one.
create index customer_company_reading on customer (replace(pinyin, 'youxianzerengongsi', 'youxiangongsi'), customer_id)
  where kind = 'company';
