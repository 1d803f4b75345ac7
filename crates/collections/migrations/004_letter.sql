-- Letters (函件): frozen on the day of issue, and what became of each.

create table letter (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  guarantee_id bigint,                     -- null: to the debtor
  number key_text not null,                -- 函件号
  kind key_text not null,
  addressee text not null,
  content_json text not null,              -- everything that is printed, never edited
  total_fen bigint not null check (total_fen > 0),
  pay_by date_text not null,
  state key_text not null,                 -- cache of the last step
  state_on date_text not null,
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  version bigint not null default 1,
  primary key (customer_id, id)
);
create unique index letter_number on letter (number);
create index letter_of_loan on letter (customer_id, loan_id);
create index letter_open on letter (state, effective_on);

-- A step of a letter's life: a fact, never edited.
create table letter_step (
  customer_id bigint not null,
  id bigint not null,
  letter_id bigint not null,
  step key_text not null,
  happened_on date_text not null,
  signer key_text,
  detail text not null,                    -- tracking number, reason, place in the file
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create index letter_step_of on letter_step (customer_id, letter_id);
