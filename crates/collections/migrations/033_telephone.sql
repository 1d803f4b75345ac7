-- Recordings taken over from a telephone system (电话系统录音), X-05: what the system said of a call and its sealed sound. A call
-- whose contact is found becomes the recording of that contact; what matches nothing waits to be judged by a person.
create table delivered_call (
  id bigint not null primary key,
  call_ref key_text not null,                -- the telephone system's own key of the call
  number_index key_text not null,          -- the blind index of the number called
  number_masked text not null,
  line key_text not null,                  -- the number it was called from; empty where it is not said
  dialled_at moment_text not null,
  seconds bigint not null check (seconds >= 0),
  made_on date_text not null,              -- the civil day of the call
  media key_text not null check (media in ('wav', 'mp3', 'ogg', 'm4a', 'amr')),
  size_bytes bigint not null check (size_bytes > 0),
  digest key_text not null,                -- SHA-256 of the content
  branch_id bigint,                        -- of the file that holds the number, where one does
  team_id bigint,
  manager_id bigint,
  state key_text not null check (state in ('unmatched', 'waiting', 'kept', 'judged', 'dismissed')),
  words text not null,                     -- why it was no call of collection
  judged_at moment_text,
  judged_by bigint,
  erased_on date_text,                     -- since when the content is no longer here
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  check ((judged_at is null) = (judged_by is null))
);
create unique index delivered_call_once on delivered_call (call_ref);
create index delivered_call_state on delivered_call (state, dialled_at);
create index delivered_call_old on delivered_call (made_on) where erased_on is null;

create table delivered_call_piece (
  delivery_id bigint not null,
  no bigint not null check (no >= 0),
  sealed bytea not null,
  primary key (delivery_id, no)
);

-- Which contact that was let through a call belongs to (录音匹配).
create table delivered_call_match (
  customer_id bigint not null,
  id bigint not null,
  delivery_id bigint not null,
  allowance_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, id)
);
create unique index delivered_call_match_allowance on delivered_call_match (customer_id, allowance_id);
create index delivered_call_match_delivery on delivered_call_match (delivery_id);
