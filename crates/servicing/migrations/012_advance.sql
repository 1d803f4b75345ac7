-- Advances (垫款): instalments that the house pays to the bank for borrowers, by lists of a month that another person
-- checks, the heads sign and a third person pays. What a borrower owes does not change by it: the instalment stays owed,
-- to the house instead of the bank, and an advance is recovered by what is paid on that instalment.

create table advance_list (                -- 垫款清单
  id bigint not null primary key,
  number key_text not null,
  month key_text not null,                 -- YYYY-MM of the due dates
  branch_id bigint not null,
  state key_text not null check (state in ('drawn', 'checked', 'submitted', 'signed', 'paid', 'refused', 'dropped')),
  made_by bigint not null,
  checked_by bigint,
  checked_on date_text,
  approval_id bigint,
  signed_on date_text,
  paid_by bigint,
  paid_on date_text,
  payment_ref text,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((state = 'paid') = (paid_on is not null)),
  check ((paid_on is null) = (payment_ref is null)),
  check ((paid_on is null) = (paid_by is null)),
  check ((checked_on is null) = (checked_by is null))
);
create unique index advance_list_number on advance_list (number);
-- One list a branch and month, but for those that came to nothing.
create unique index advance_list_month on advance_list (branch_id, month) where state not in ('refused', 'dropped');

create table advance (                     -- 垫款
  customer_id bigint not null,
  id bigint not null,
  list_id bigint not null references advance_list (id),
  loan_id bigint not null,
  instalment_no bigint not null,
  due_on date_text not null,
  holder text not null,                    -- name on the card
  account_id bigint not null,
  card_masked text not null,
  amount_fen bigint not null check (amount_fen > 0),
  state key_text not null check (state in ('listed', 'taken_off', 'left_out', 'paid')),
  note text not null,
  paid_before_fen bigint,                  -- paid on the instalment before the advance was paid
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id),
  check ((state = 'paid') = (paid_before_fen is not null))
);
create index advance_of_list on advance (list_id);
create index advance_loan on advance (customer_id, loan_id, instalment_no);
create unique index advance_once on advance (list_id, customer_id, loan_id, instalment_no);
