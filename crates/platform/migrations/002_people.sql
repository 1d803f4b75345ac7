-- Grants of roles with their second person, and the record of every question to the contact gate.

create table role_grant (
  id bigint not null primary key,
  user_id bigint not null references app_user (id),
  role key_text not null,
  -- asked: not in effect; provisional: in effect, made while there was no second person, awaits one
  state key_text not null check (state in ('asked', 'provisional', 'confirmed', 'refused', 'withdrawn')),
  asked_at moment_text not null,
  asked_by bigint not null,
  decided_at moment_text,
  decided_by bigint,
  check (decided_by is null or decided_by <> asked_by),
  check ((state in ('confirmed', 'refused')) = (decided_by is not null))
);
create unique index role_grant_open on role_grant (user_id, role) where state in ('asked', 'provisional');

create table contact_check (
  customer_id bigint not null,
  id bigint not null,
  person_id bigint not null,
  number_index key_text not null,          -- the blind index of the number, never the number
  purpose key_text not null check (purpose in ('verify', 'care', 'collect')),
  allowed bigint not null check (allowed in (0, 1)),
  rule key_text,
  article text,
  next_lawful_at moment_text,
  reason text not null,
  asked_at moment_text not null,
  asked_by bigint not null,
  primary key (customer_id, id),
  check (allowed = 1 or rule is not null)
);
create index contact_check_number on contact_check (number_index, asked_at);

create index audit_entry_action on audit_entry (action, at);
create index audit_entry_subject on audit_entry (subject, at);
