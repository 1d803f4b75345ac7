-- Bank accounts (银行账户) of a customer, sealed; and the nationality as a fact that can be changed.

create table bank_account (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  holder text not null,                    -- the name in which the bank keeps it
  bank text not null,
  purpose key_text not null check (purpose in ('repay', 'disburse', 'both')),
  account_sealed bytea not null,
  account_index key_text not null,         -- blind index, for exact look-up across files
  account_masked text not null,
  account_last key_text not null,
  luhn bigint not null check (luhn in (0, 1)),  -- whether the check digit fits; a warning, never a bar
  recorded_at moment_text not null,
  recorded_by bigint not null,
  verified_at moment_text,
  verified_by bigint,
  verified_how text,
  ended_at moment_text,
  ended_by bigint,
  primary key (customer_id, id),
  check (verified_by is null or verified_by <> recorded_by),
  check ((verified_by is null) = (verified_at is null) and (verified_by is null) = (verified_how is null))
);
create index bank_account_index on bank_account (account_index);
create index bank_account_last on bank_account (account_last);

-- A constraint cannot be widened in place on every database: the table is written anew.
create table customer_fact_of_002 (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  attribute key_text not null check (attribute in ('address', 'note', 'manager', 'nationality')),
  value_before text,
  value text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  reason text not null,
  primary key (customer_id, id)
);
insert into customer_fact_of_002 (customer_id, id, attribute, value_before, value, effective_on, recorded_at,
  recorded_by, source, source_detail, reason)
  select customer_id, id, attribute, value_before, value, effective_on, recorded_at, recorded_by, source,
    source_detail, reason from customer_fact;
drop table customer_fact;
alter table customer_fact_of_002 rename to customer_fact;
