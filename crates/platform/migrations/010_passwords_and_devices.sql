-- Passwords with their history, and the browsers that a person has logged in from.

alter table app_user add column password_set_at moment_text;   -- null: since the user was created

create table password_history (
  user_id bigint not null references app_user (id),
  id bigint not null,
  password_hash text not null,             -- Argon2id, as in app_user
  ended_at moment_text not null,           -- when another took its place
  primary key (user_id, id)
);

create table known_device (
  user_id bigint not null references app_user (id),
  device key_text not null,                -- the fingerprint of the browser's cookie, never the cookie
  agent text not null,
  first_at moment_text not null,
  last_at moment_text not null,
  primary key (user_id, device)
);
