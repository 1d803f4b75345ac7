-- Processes that work on this database (服务进程): each holds a number that stands in every key it gives out, so that
-- several may work at once. A row is kept when its process ended: a number is taken again as late as possible.
create table server_node (
  node bigint not null primary key check (node between 0 and 1023),
  holder key_text not null,                -- random; whoever lost the number to another one sees it
  machine text not null,
  work key_text not null,                  -- serve, or the command
  vault_key key_text,                      -- the id of the key that seals there
  started_at moment_text not null,
  seen_at moment_text not null,
  expires_at moment_text not null
);
create index server_node_expires on server_node (expires_at);

-- Changes of the key to personal data (密钥轮换).
create table key_rotation (
  from_key key_text not null primary key,
  to_key key_text not null,
  begun_at moment_text not null,
  ended_at moment_text,
  resealed bigint not null default 0 check (resealed >= 0)
);
