-- Sorting of customers (客户梳理): a project with its plan, team and timetable; its customers one by one; problems; reports.

create table sorting_project (
  id bigint not null primary key,
  number key_text not null,                -- 梳理项目编号
  title text not null,
  aim text not null,
  scheme key_text not null,                -- as the policy names schemes
  starts_on date_text not null,
  ends_on date_text not null,
  branch_id bigint,                        -- null: the whole institution
  scope_kind key_text not null check (scope_kind in ('', 'person', 'company')),
  scope_manager_id bigint,
  scope_axis key_text not null,            -- empty: whatever the class
  scope_outcome key_text not null,
  scope_industry key_text not null,        -- the beginning of an industry code; empty: all
  lead_id bigint not null,
  revision bigint not null default 1,      -- which team and timetable count
  state key_text not null check (state in ('submitted', 'approved', 'running', 'reporting', 'closed', 'stopped',
    'refused')),
  approval_id bigint,
  stop_reason text,
  started_on date_text,
  closed_on date_text,
  review_on date_text,                     -- when the result is evaluated again
  review_asked_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,             -- the planner
  book_origin text,
  version bigint not null default 1,
  check (ends_on >= starts_on),
  check ((state = 'stopped') = (stop_reason is not null)),
  check ((scope_axis = '') = (scope_outcome = ''))
);
create unique index sorting_project_number on sorting_project (number);
create index sorting_project_review on sorting_project (review_on) where state = 'closed' and review_asked_on is null;

-- The working group (客户梳理工作小组), with what each answers for.
create table sorting_member (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  revision bigint not null,
  user_id bigint not null,
  duty text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index sorting_member_of on sorting_member (project_id, revision);
create index sorting_member_user on sorting_member (user_id);

-- The timetable (时间表): steps as the policy names them.
create table sorting_step (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  revision bigint not null,
  step key_text not null,
  due_on date_text not null,
  done_on date_text,
  done_by bigint,
  note text not null,                      -- what was done
  asked_on date_text,                      -- when its duty was opened
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1
);
create index sorting_step_of on sorting_step (project_id, revision);
create index sorting_step_due on sorting_step (due_on) where done_on is null and asked_on is null;

-- Trainings of the working group (培训记录).
create table sorting_training (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  topic text not null,
  held_on date_text not null,
  hours bigint not null check (hours between 1 and 200),
  attended text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index sorting_training_of on sorting_training (project_id);

-- Surveys of satisfaction (满意度调查): the mean score of a day.
create table sorting_survey (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  surveyed_on date_text not null,
  answers bigint not null check (answers > 0),
  score_centi bigint not null check (score_centi between 0 and 10000),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index sorting_survey_of on sorting_survey (project_id, surveyed_on);

-- A customer of a project (梳理对象).
create table sorting_item (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  project_id bigint not null references sorting_project (id),
  assignee_id bigint not null,
  state key_text not null check (state in ('open', 'returned', 'verified', 'accepted')),
  turn bigint not null,                    -- rises with every assignment and return
  before_json text not null,               -- outcomes by axis when the project began
  due_on date_text not null,
  verified_on date_text,
  verified_by bigint,
  filled bigint,                           -- required data and papers there, and how many there are
  wanted bigint,
  defaulted bigint check (defaulted in (0, 1)),
  reviewed_on date_text,
  reviewed_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check (state in ('open', 'returned') or (verified_on is not null and verified_by is not null))
);
create unique index sorting_item_once on sorting_item (project_id, customer_id);
create index sorting_item_state on sorting_item (project_id, state);
create index sorting_item_assignee on sorting_item (assignee_id, state);
create unique index sorting_item_id on sorting_item (id);

-- A problem found (梳理发现的问题), with its rectification.
create table sorting_problem (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  item_id bigint not null,
  project_id bigint not null references sorting_project (id),
  kind key_text not null check (kind in ('incomplete', 'wrong', 'class', 'risk', 'service', 'other')),
  detail text not null,
  owner_id bigint not null,
  due_on date_text not null,
  state key_text not null check (state in ('open', 'rectified', 'confirmed')),
  rectified_on date_text,
  rectified_by bigint,
  rectification text not null,
  confirmed_on date_text,
  confirmed_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check (state = 'open' or (rectified_on is not null and rectified_by is not null)),
  check ((state = 'confirmed') = (confirmed_on is not null))
);
create unique index sorting_problem_id on sorting_problem (id);
create index sorting_problem_of on sorting_problem (project_id, state);
create index sorting_problem_owner on sorting_problem (owner_id, state);
create index sorting_problem_item on sorting_problem (customer_id, item_id);

-- What happened to a customer of a project (梳理经过): facts, never edited.
create table sorting_finding (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  item_id bigint not null,
  problem_id bigint,
  kind key_text not null check (kind in ('assigned', 'verified', 'accepted', 'returned', 'problem', 'rectified',
    'confirmed', 'rejected')),
  method key_text not null,                -- of a verification: phone, visit, enquiry, document
  held_on date_text not null,
  detail text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index sorting_finding_of on sorting_finding (customer_id, item_id, id);

-- Industry sheets (行业梳理表): the latest of a code counts until its day.
create table sorting_industry (
  id bigint not null primary key,
  code key_text not null,
  risk key_text not null check (risk in ('low', 'medium', 'high')),
  trend text not null,
  policy_environment text not null,
  competition text not null,
  strategy text not null,
  valid_until date_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index sorting_industry_code on sorting_industry (code, id);

-- Reports of a project (客户梳理报告): the figures as they stood that day.
create table sorting_report (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  content_json text not null,
  state key_text not null check (state in ('submitted', 'approved', 'refused')),
  approval_id bigint,
  approved_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1
);
create index sorting_report_of on sorting_report (project_id, id);
create unique index sorting_report_open on sorting_report (project_id) where state = 'submitted';
