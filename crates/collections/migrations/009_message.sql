-- Text messages and mails to debtors (短信与邮件): each about one loan, to one contact point, in the policy's words.
-- The number itself stands in the file of the customer and nowhere else.
create table debtor_message (
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  kind key_text not null,                  -- the template of the policy
  channel key_text not null check (channel in ('sms', 'email')),
  point_id bigint not null,                -- the contact point that it goes to
  body text not null,                      -- what it says; of the day on which it leaves
  body_on date_text not null,
  state key_text not null check (state in ('waiting', 'sent', 'delivered', 'failed', 'unknown', 'withdrawn')),
  receipt key_text check (receipt in ('delivered', 'failed')),
  rule key_text,                           -- what put it off or keeps it back
  article text,
  not_before moment_text,                  -- until when it was put off
  sent_at moment_text,                     -- when it went out, or may have
  allowance_id bigint,                     -- the contact that the guard let through
  contact_id bigint,                       -- the contact that it was
  provider_ref text,                       -- by which the provider knows it
  again_of bigint,                         -- the message that it repeats
  decision key_text check (decision in ('again', 'arrived', 'lost', 'withdraw')),
  decided_reason text,
  decided_at moment_text,
  decided_by bigint,
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((decision is null) = (decided_at is null)),
  check ((decision is null) = (decided_reason is null))
);
create unique index debtor_message_id on debtor_message (id);
create index debtor_message_loan on debtor_message (customer_id, loan_id, kind);
-- Rule message.one-waiting, whoever comes first.
create unique index debtor_message_waiting on debtor_message (customer_id, loan_id, kind) where state = 'waiting';
create index debtor_message_state on debtor_message (state, id);

-- What happened to a message (消息经过): composed, put off, sent, receipts, what a person decided.
create table debtor_message_step (
  customer_id bigint not null,
  id bigint not null,
  message_id bigint not null,
  step key_text not null,
  detail text not null,                    -- no personal data
  happened_at moment_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index debtor_message_step_message on debtor_message_step (customer_id, message_id);
