-- Notices: what concerns one person and is waiting to be seen. A convenience beside the facts: no fact, no personal data.
create table notice (
  user_id bigint not null references app_user (id),
  id bigint not null,
  kind key_text not null,
  occasion key_text not null,              -- what it came of, once a person: approval:12:1
  thing key_text not null,                 -- what it is about, by which it falls away: approval:12
  href text not null,
  news_json text not null,
  told_at moment_text not null,
  read_at moment_text,
  primary key (user_id, id),
  unique (user_id, occasion)
);
create index notice_unread on notice (user_id) where read_at is null;
create index notice_thing on notice (thing) where read_at is null;
