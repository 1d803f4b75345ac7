-- The bank of questions (题库): a question never changes; a wrong one is retired and another is written.
create table exam_question (
  id bigint not null primary key,
  topic key_text not null,                               -- as the policy names it
  asked text not null,
  choices_json text not null,                            -- the choices in the order of their letters
  right_letters key_text not null,                       -- 'B', or 'AC' where several are right
  points bigint not null check (points > 0),
  source text not null,                                  -- the article that makes the answer right
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index exam_question_topic on exam_question (topic, points, id);

-- What became of a question: another person approved it, it is used no more.
create table exam_question_step (
  question_id bigint not null references exam_question (id),
  step key_text not null check (step in ('approved', 'retired')),
  reason text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (question_id, step)
);

-- A paper drawn for somebody (在线考试): as the policy of the moment had it.
create table exam_sitting (
  id bigint not null primary key,
  user_id bigint not null references app_user (id),
  turn bigint not null,                                  -- the how-manieth of this person: two cannot begin at once
  paper key_text not null,
  title text not null,
  questions bigint not null check (questions > 0),
  points_each bigint not null check (points_each > 0),
  pass_points bigint not null check (pass_points >= 0),
  proves key_text,                                       -- the topic of training that passing it proves
  begun_at moment_text not null,
  ends_at moment_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create unique index exam_sitting_of on exam_sitting (user_id, turn);
create index exam_sitting_day on exam_sitting (effective_on);

create table exam_sitting_question (
  sitting_id bigint not null references exam_sitting (id),
  place bigint not null,
  question_id bigint not null references exam_question (id),
  primary key (sitting_id, place)
);

-- What was chosen, every time that it was kept; the last of a place counts.
create table exam_answer (
  sitting_id bigint not null references exam_sitting (id),
  place bigint not null,
  id bigint not null,
  letters key_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (sitting_id, place, id)
);

-- The end of a sitting: handed in, or its time was up; the result stands with the exams.
create table exam_hand_in (
  sitting_id bigint not null primary key references exam_sitting (id),
  way key_text not null check (way in ('handed', 'time_up')),
  exam_id bigint not null references staff_exam (id),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create unique index exam_hand_in_exam on exam_hand_in (exam_id);
