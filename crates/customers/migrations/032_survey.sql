-- Periodic surveys of satisfaction (定期满意度调查): who is asked, what was answered, what is improved; and the sheets of
-- warning data (预警信息采集) that the policy asks for.
create table survey_draw (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  axis key_text not null,                  -- why: where the customer stood
  outcome key_text not null,
  drawn_on date_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index survey_draw_day on survey_draw (drawn_on);

create table survey_answer (
  customer_id bigint not null,
  id bigint not null,
  draw_id bigint not null,
  result key_text not null check (result in ('answered', 'declined', 'unreachable', 'lapsed')),
  way key_text check (way in ('phone', 'visit', 'letter', 'online')),
  answered_on date_text not null,
  marks_json text not null,                -- a mark for every item of the policy
  score_centi bigint check (score_centi between 0 and 10000),
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, draw_id) references survey_draw (customer_id, id),
  check ((result = 'answered') = (score_centi is not null))
);
create unique index survey_answer_once on survey_answer (customer_id, draw_id);
create index survey_answer_day on survey_answer (answered_on, result, score_centi);

create table survey_task (
  customer_id bigint not null,
  id bigint not null,
  answer_id bigint not null,
  what text not null,
  owner_id bigint not null,
  due_on date_text not null,
  done_on date_text,
  done_by bigint,
  done_words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  foreign key (customer_id, answer_id) references survey_answer (customer_id, id),
  check ((done_on is null) = (done_by is null)),
  check ((done_on is null) = (done_words = ''))
);
create index survey_task_open on survey_task (due_on) where done_on is null;

-- What was collected of a customer for warnings (预警信息采集表): item by item, as of a day.
create table warning_sheet (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  collected_on date_text not null,
  content_json text not null,
  sign key_text not null check (sign in ('none', 'watch', 'risk')),
  finding text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index warning_sheet_day on warning_sheet (collected_on);
