-- Courses taken and judgements of competence of the staff (培训与胜任力): facts; a wrong one is taken back by a row that names it.
create table staff_training (
  id bigint not null primary key,
  user_id bigint not null references app_user (id),
  form key_text not null check (form in ('course', 'judgement')),
  topic key_text not null,                               -- as the policy names it
  title text not null,
  held_on date_text not null,
  hours bigint not null check (hours >= 0),
  passed bigint not null check (passed in (0, 1)),
  valid_until date_text not null,                        -- as the policy of the day had it
  note text not null,
  takes_back_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,                           -- who taught or judged answers for it
  book_origin text
);
create index staff_training_of on staff_training (user_id, topic, valid_until);
create unique index staff_training_back on staff_training (takes_back_id) where takes_back_id is not null;
