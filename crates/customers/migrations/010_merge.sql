-- Merges (客户合并): two files are one person or company. No row moves: the file that goes points to the one that stays,
-- reads unite both, and ending the merge brings back what was.

create table customer_merge (
  customer_id bigint not null references customer (customer_id),   -- the file that goes
  id bigint not null,
  into_id bigint not null references customer (customer_id),       -- the file that stays
  reason text not null,
  state key_text not null check (state in ('requested', 'merged', 'refused', 'ended')),
  approval_id bigint,
  merged_on date_text,
  undo_reason text,
  undo_approval_id bigint,                 -- an undo that waits for agreement, or the one that ended it
  ended_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check (customer_id <> into_id),
  check ((merged_on is null) = (state in ('requested', 'refused'))),
  check ((ended_on is null) = (state <> 'ended'))
);
-- A file goes into one other at a time.
create unique index customer_merge_open on customer_merge (customer_id) where state in ('requested', 'merged');
create index customer_merge_into on customer_merge (into_id, state);

-- A step of a merge (合并经过): a fact, never edited.
create table customer_merge_step (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  merge_id bigint not null,
  step key_text not null
    check (step in ('requested', 'merged', 'refused', 'undo_requested', 'undo_refused', 'undone')),
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);

-- What others may join to: which file stands for which now.
create view customer_merge_view as
  select customer_id, into_id, merged_on from customer_merge where state = 'merged';
