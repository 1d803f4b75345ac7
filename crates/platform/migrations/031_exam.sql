-- Exams of the staff (考试记录): facts; a wrong one is corrected by a new one that names it.
create table staff_exam (
  id bigint not null primary key,
  user_id bigint not null references app_user (id),
  title text not null,
  held_on date_text not null,
  questions bigint not null check (questions > 0),       -- as the policy of the day had it
  points_each bigint not null check (points_each > 0),
  pass_points bigint not null check (pass_points >= 0),
  right_answers bigint not null check (right_answers between 0 and questions),
  note text not null,
  corrects_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index staff_exam_of on staff_exam (user_id, held_on);
create unique index staff_exam_corrected on staff_exam (corrects_id) where corrects_id is not null;
