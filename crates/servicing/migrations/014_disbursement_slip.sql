-- Slips of the bank (放款回单): each payout of a loan is entered from the paper that the bank gave for it, and another person
-- compares it with the loan. A slip that was entered wrongly is refused, and the right one is entered beside it.

create table disbursement_slip (
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  transaction_id bigint not null,          -- the payout
  number key_text not null,                -- as the bank numbers it
  paid_on date_text not null,
  payee text not null,
  account_id bigint,                       -- the account in the customer's file with this number, if there is one
  account_masked text not null,
  amount_fen bigint not null check (amount_fen > 0),
  repays_on date_text not null,            -- the first repayment date
  monthly_fen bigint not null check (monthly_fen > 0),
  state key_text not null check (state in ('entered', 'checked', 'refused')),
  note text not null,
  checked_on date_text,
  checked_by bigint,
  check_note text not null,
  branch_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id),
  check ((state = 'entered') = (checked_on is null)),
  check ((checked_on is null) = (checked_by is null))
);
create unique index disbursement_slip_id on disbursement_slip (id);
-- One slip a payout, and each of the bank's numbers once, but for those that were refused.
create unique index disbursement_slip_payout on disbursement_slip (customer_id, transaction_id) where state <> 'refused';
create unique index disbursement_slip_number on disbursement_slip (number) where state <> 'refused';
