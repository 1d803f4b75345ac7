-- The register of guarantees (担保登记): what is guaranteed for a customer and what the customer guarantees for others, and
-- what became of each: reduced, overdue, compensated, recovered, released.
create table guarantee_entry (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  side key_text not null check (side in ('for_customer', 'by_customer')),
  kind key_text not null,                  -- product type, as the policy names them
  number text not null,                    -- of the contract
  beneficiary text not null,               -- to whom the guarantee is given
  debtor text not null,                    -- whose debt it is, where it is not the customer's
  amount_fen bigint not null check (amount_fen > 0),
  cover_fen bigint not null check (cover_fen >= 0),
  from_on date_text not null,
  until_on date_text not null,
  project text not null,
  purpose text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id),
  check (until_on >= from_on)
);

create table guarantee_step (
  customer_id bigint not null,
  id bigint not null,
  entry_id bigint not null,
  kind key_text not null
    check (kind in ('reduced', 'overdue', 'current', 'compensated', 'recovered', 'released', 'struck')),
  amount_fen bigint check (amount_fen > 0),
  happened_on date_text not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, entry_id) references guarantee_entry (customer_id, id),
  check ((amount_fen is not null) = (kind in ('reduced', 'compensated', 'recovered')))
);
create index guarantee_step_of on guarantee_step (customer_id, entry_id);

-- How each stands today.
create view guarantee_now_view as
  select e.customer_id, e.id, e.side, e.kind, e.number, e.beneficiary, e.project, e.amount_fen, e.from_on, e.until_on,
    (select count(*) from guarantee_step s where s.customer_id = e.customer_id and s.entry_id = e.id
      and s.kind = 'struck') as struck,
    case when exists (select 1 from guarantee_step s where s.customer_id = e.customer_id and s.entry_id = e.id
      and s.kind in ('released', 'struck')) then 0
    else e.amount_fen - cast(coalesce((select sum(s.amount_fen) from guarantee_step s
      where s.customer_id = e.customer_id and s.entry_id = e.id and s.kind in ('reduced', 'compensated')), 0) as bigint)
    end as left_fen,
    cast(coalesce((select sum(case when s.kind = 'recovered' then -s.amount_fen else s.amount_fen end)
      from guarantee_step s where s.customer_id = e.customer_id and s.entry_id = e.id
      and s.kind in ('compensated', 'recovered')), 0) as bigint) as lost_fen,
    (select s.kind from guarantee_step s where s.customer_id = e.customer_id and s.entry_id = e.id
      and s.kind in ('overdue', 'current') order by s.id desc limit 1) as mark
  from guarantee_entry e;
