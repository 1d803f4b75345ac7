-- The second step of a log-in: a code of the person's own device (TOTP, RFC 6238), and codes for when it is lost.

create table totp (
  user_id bigint not null primary key references app_user (id),
  secret_sealed bytea not null,
  begun_at moment_text not null,
  confirmed_at moment_text,                -- null: shown, but no code has proved that the device has it
  last_step bigint not null default 0      -- the time step of the last code taken: none is taken twice
);

create table recovery_code (
  user_id bigint not null references app_user (id),
  id bigint not null,
  code_hash key_text not null,
  used_at moment_text,
  primary key (user_id, id)
);

-- A log-in whose password was right and whose code is still to come.
create table login_step (
  token_hash key_text not null primary key,
  user_id bigint not null references app_user (id),
  address text not null,
  begun_at moment_text not null,
  expires_at moment_text not null
);
create index login_step_of_user on login_step (user_id);
