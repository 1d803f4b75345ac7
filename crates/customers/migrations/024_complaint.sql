-- Complaints (客户投诉): received, given to the department that answers for them, answered by a day, told to the customer.
create table complaint (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  number key_text not null,                -- 投诉编号
  kind key_text not null,                  -- as the policy names them
  way key_text not null check (way in ('phone', 'visit', 'letter', 'online', 'regulator')),
  content text not null,
  wish text not null,
  received_on date_text not null,
  due_on date_text not null,               -- from the policy of the day it was registered
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id),
  check (due_on >= received_on)
);
create unique index complaint_number on complaint (number);

create table complaint_step (
  customer_id bigint not null,
  id bigint not null,
  complaint_id bigint not null,
  kind key_text not null check (kind in ('routed', 'answered')),
  dept key_text,                           -- to whom it was given, a post of the policy
  outcome key_text check (outcome in ('upheld', 'partly', 'unfounded', 'withdrawn')),
  note text not null,
  improvement text,                        -- what is done otherwise from now on
  told_on date_text,
  told_way key_text check (told_way in ('phone', 'visit', 'letter', 'online', 'regulator')),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, complaint_id) references complaint (customer_id, id),
  check ((kind = 'routed') = (dept is not null)),
  check ((kind = 'answered') = (outcome is not null)),
  check ((kind = 'answered') = (told_on is not null)),
  check ((told_on is null) = (told_way is null))
);
create index complaint_step_of on complaint_step (customer_id, complaint_id);
create unique index complaint_answered on complaint_step (customer_id, complaint_id) where kind = 'answered';

-- How each stands today.
create view complaint_now_view as
  select c.customer_id, c.id, c.number, c.kind, c.received_on, c.due_on,
    (select s.dept from complaint_step s where s.customer_id = c.customer_id and s.complaint_id = c.id
      and s.kind = 'routed' order by s.id desc limit 1) as dept,
    (select s.outcome from complaint_step s where s.customer_id = c.customer_id and s.complaint_id = c.id
      and s.kind = 'answered') as outcome,
    (select s.effective_on from complaint_step s where s.customer_id = c.customer_id and s.complaint_id = c.id
      and s.kind = 'answered') as answered_on
  from complaint c;
