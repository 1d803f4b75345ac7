-- Gateways of text messages and mails (短信与邮件通道), one a channel: who carries them out of the house.
create table message_gateway (
  channel key_text not null primary key check (channel in ('sms', 'email')),
  carrier key_text not null check (carrier in ('http', 'smtp', 'file')),
  target text not null,                    -- the address, the mail server with its port, or the name of a folder
  security key_text not null check (security in ('tls', 'starttls', 'plain')),
  account text not null,                   -- the log-in at the mail server; empty for none
  sender text not null,
  secret bytea,                            -- sealed: the key that signs, or the password of the mail server
  active bigint not null check (active in (0, 1)),
  changed_at moment_text not null,
  changed_by bigint not null,
  version bigint not null
);

-- An attempt can also find that it is too early, or that there is nothing to send any more.
create table outbox_attempt_log (
  message_id bigint not null references outbox_message (id),
  no bigint not null,
  outcome key_text not null check (outcome in ('running', 'delivered', 'refused', 'failed', 'unknown', 'later', 'withdrawn')),
  status bigint,                           -- what the receiver answered, in its own numbers
  duration_ms bigint check (duration_ms >= 0),
  answer text not null,                    -- the head of the answer, or why there was none; never its content
  started_at moment_text not null,
  primary key (message_id, no)
);
insert into outbox_attempt_log (message_id, no, outcome, status, duration_ms, answer, started_at)
  select message_id, no, outcome, status, duration_ms, answer, started_at from outbox_attempt;
drop table outbox_attempt;
alter table outbox_attempt_log rename to outbox_attempt;
