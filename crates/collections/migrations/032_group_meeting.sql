-- How a legal file ended (结卷结果): null while it is open, and of older ones that a person closed.
alter table legal_file add column outcome key_text check (outcome in ('paid', 'ended'));

-- Meetings of the management group for overdue customers (逾期客户管理小组会议), S4-02: one record over several cases, signed by
-- the head, who is somebody else than who wrote it.
create table group_meeting (
  id bigint not null primary key,
  number key_text not null,
  branch_id bigint,                        -- null: over the whole institution
  held_on date_text not null,
  head_id bigint not null,
  members key_text not null,               -- who was present besides: '|12|15|'
  words text not null,                     -- what was discussed beside the cases
  state key_text not null check (state in ('draft', 'signed')),
  signed_at moment_text,
  signed_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  check ((state = 'signed') = (signed_by is not null)),
  check ((signed_at is null) = (signed_by is null))
);
create unique index group_meeting_number on group_meeting (number);
create index group_meeting_held on group_meeting (held_on, id);

-- What was resolved about a case (议定事项): the newest of a meeting and case stands; after the signature none is added.
create table group_resolution (
  customer_id bigint not null,
  id bigint not null,
  meeting_id bigint not null,
  case_id bigint not null,
  resolution text not null,
  task text not null,                      -- what is to be done; empty: nothing
  person_id bigint,                        -- by whom
  due_on date_text,                        -- by when
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((task = '') = (person_id is null)),
  check ((task = '') = (due_on is null))
);
create index group_resolution_of_meeting on group_resolution (meeting_id, id);
create index group_resolution_of_case on group_resolution (customer_id, case_id, id);

-- What came of a task (任务办理结果).
create table group_task_outcome (
  customer_id bigint not null,
  id bigint not null,
  resolution_id bigint not null,
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index group_task_outcome_once on group_task_outcome (customer_id, resolution_id);

-- One resolution by its key, and a case by its number.
create index group_resolution_id on group_resolution (id);
create index collection_case_number on collection_case (number);
