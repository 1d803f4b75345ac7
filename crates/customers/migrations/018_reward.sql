-- Referral rewards (推荐奖励): proposed by the program, agreed to, paid; once for each customer who was referred.
create table referral_reward (
  customer_id bigint not null references customer (customer_id),   -- who was referred
  id bigint not null,
  number key_text not null,                -- 推荐奖励编号
  referrer_id bigint not null references customer (customer_id),
  loan_id bigint not null,
  amount_fen bigint not null check (amount_fen > 0),
  namesake bigint not null check (namesake in (0, 1)),   -- the referrer bears the name of a colleague
  manager_id bigint not null,
  branch_id bigint not null,
  state key_text not null check (state in ('proposed', 'submitted', 'approved', 'paid', 'refused', 'dropped')),
  note text not null,
  approval_id bigint,
  approved_on date_text,
  paid_on date_text,
  paid_by bigint,
  payment_ref text,
  reversed_on date_text,                   -- the payout behind it was taken back
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check (referrer_id <> customer_id),
  check ((state = 'paid') = (paid_on is not null)),
  check ((paid_on is null) = (payment_ref is null))
);
create unique index referral_reward_once on referral_reward (customer_id) where reversed_on is null;
create index referral_reward_loan on referral_reward (loan_id);
create unique index referral_reward_id on referral_reward (id);
create unique index referral_reward_number on referral_reward (number);
create index referral_reward_state on referral_reward (state, branch_id);
create index referral_reward_referrer on referral_reward (referrer_id);
