-- The desk of car loans (车贷贷后岗): cards looked up at the bank, cars picked up, schedules sent, settlement statements.
-- Cards, cars and steps of the mail are facts: the latest row of a loan counts.

create table card_check (                  -- 卡查询
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  account_id bigint not null,              -- the account in the customer's file that was looked up
  card_masked text not null,
  amount_fen bigint not null check (amount_fen > 0),   -- what was due and unpaid
  result key_text not null check (result in ('enough', 'short', 'invalid', 'unreached')),
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index card_check_loan on card_check (customer_id, loan_id, effective_on);

create table loan_vehicle (                -- 车辆与提车
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  model text not null,
  picked_up_on date_text not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index loan_vehicle_loan on loan_vehicle (customer_id, loan_id, id);

create table schedule_mailing (            -- 还款明细寄送: a row a step
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  step key_text not null check (step in ('printed', 'handed', 'sent', 'returned')),
  note text not null,                      -- number of the parcel, or why it did not go
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index schedule_mailing_loan on schedule_mailing (customer_id, loan_id, id);

create table settlement_statement (        -- 结清单
  customer_id bigint not null,
  loan_id bigint not null,
  id bigint not null,
  number key_text not null,
  settles_on date_text not null,
  amounts_json text not null,              -- owed by head, in fen
  charge_fen bigint not null,              -- of these, for paying early
  credit_fen bigint not null,
  total_fen bigint not null,
  state key_text not null check (state in ('submitted', 'signed', 'refused')),
  branch_id bigint not null,
  approval_id bigint,
  signed_on date_text,
  signed_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id),
  check ((state = 'signed') = (signed_on is not null)),
  check ((signed_on is null) = (signed_by is null))
);
create index settlement_statement_loan on settlement_statement (customer_id, loan_id, id);
create unique index settlement_statement_id on settlement_statement (id);
create unique index settlement_statement_number on settlement_statement (number);
