-- Views of lists that people saved: a question with a name. A convenience, no fact: its owner may delete it.
create table saved_view (
  id bigint not null primary key,
  owner bigint not null,
  list key_text not null,                  -- the path of the list: /loans
  name key_text not null,
  query text not null,                     -- as in the address; never a text that was searched for
  shared bigint not null check (shared in (0, 1)),
  saved_at moment_text not null,
  unique (owner, list, name)
);
create index saved_view_list on saved_view (list, shared);
