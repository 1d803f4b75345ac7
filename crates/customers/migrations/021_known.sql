-- What the policy knew of a customer when it was looked at last (客户事实现状): one row a customer, written with its
-- standings and read whole where a draft of the rules is compared on the own book.

create table customer_known (
  customer_id bigint primary key references customer (customer_id),
  kind key_text not null check (kind in ('person', 'company')),
  facts text not null,                     -- a line a fact, in the order of their names
  owed_fen bigint not null,                -- what the customer's loans stand at
  looked_on date_text not null
);
