-- What starts a collection before anything is overdue (催收起因登记), S2.3-01: it stands until somebody ends it or its case closes.
create table early_start (
  customer_id bigint not null,
  id bigint not null,
  kind key_text not null check (kind in ('missing', 'ended', 'unable')),
  happened_on date_text not null,
  reason text not null,
  evidence text not null,
  ended_on date_text,
  ended_reason text,
  ended_at moment_text,
  ended_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((ended_on is null) = (ended_reason is null))
);
create unique index early_start_standing on early_start (customer_id, kind) where ended_on is null;
create index early_start_ended on early_start (ended_on) where ended_on is not null;
-- The close asks for the dead who still owe: only their flags are read.
create index stop_flag_death on stop_flag (customer_id) where kind = 'death' and lifted_at is null;
