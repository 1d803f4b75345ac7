-- Forms that were sent after their session had ended, until their sender has logged in again.
create table kept_form (
  token_hash key_text not null primary key,
  user_id bigint not null,
  form_sealed bytea not null,              -- address and fields, which may hold personal data
  kept_at moment_text not null,
  expires_at moment_text not null
);
create index kept_form_user on kept_form (user_id);
create index kept_form_expires on kept_form (expires_at);
