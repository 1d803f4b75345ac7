-- Tokens of the interface: who a program speaks for, what it may do, until when. The token itself is nowhere, only its SHA-256.
create table api_token (
  id bigint not null primary key,
  user_id bigint not null references app_user (id),
  name text not null,
  token_hash key_text not null unique,
  scopes text not null,                    -- actions between bars: |loan.view|loan.repay|
  created_at moment_text not null,
  created_by bigint not null,
  expires_at moment_text not null,
  used_at moment_text,
  used_from text not null,
  revoked_at moment_text,
  revoked_by bigint
);
create index api_token_user on api_token (user_id, id);

-- What a key was first sent with: the same key with something else is a mistake of the caller, not a repetition.
create table api_request (
  user_id bigint not null,
  key key_text not null,
  fingerprint key_text not null,
  primary key (user_id, key)
);
