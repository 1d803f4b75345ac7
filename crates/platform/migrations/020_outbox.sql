-- The outbox (待发箱): what leaves the house, written word for word in the transaction of its cause, and the log of every attempt.
create table outbox_message (
  id bigint not null primary key,
  kind key_text not null,                  -- which gateway takes it out
  receiver key_text not null,              -- to whom, as the gateway knows them: webhook:12
  about text not null,                     -- what it is about, for people: numbers and keys, nobody's name
  send_key key_text not null,              -- goes along with every attempt, so that the receiver knows a repetition
  body text not null,
  state key_text not null check (state in ('waiting', 'sent', 'unknown', 'dead', 'dropped')),
  tries bigint not null check (tries >= 0),          -- since the last time a person asked
  attempts bigint not null check (attempts >= 0),
  due_at moment_text not null,
  lease bigint,                            -- the attempt under way
  leased_until moment_text,
  created_at moment_text not null,
  created_by bigint not null,
  settled_at moment_text,
  unique (kind, receiver, send_key),
  check ((lease is null) = (leased_until is null)),
  check ((state = 'waiting') = (settled_at is null))
);
create index outbox_message_due on outbox_message (due_at) where state = 'waiting';
create index outbox_message_receiver on outbox_message (receiver, id);
create index outbox_message_state on outbox_message (state, id);

create table outbox_attempt (
  message_id bigint not null references outbox_message (id),
  no bigint not null,
  outcome key_text not null check (outcome in ('running', 'delivered', 'refused', 'failed', 'unknown')),
  status bigint,                           -- what the receiver answered, in its own numbers
  duration_ms bigint check (duration_ms >= 0),
  answer text not null,                    -- the head of the answer, or why there was none; never its content
  started_at moment_text not null,
  primary key (message_id, no)
);
