-- A step of a service plan that was followed up (方案步骤落实): a contact of care that closed it. The steps stand in the plan.
create table care_step_done (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  plan_id bigint not null,
  step bigint not null check (step >= 0),  -- which one of the plan, from 0
  contact_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  unique (customer_id, plan_id, step)
);
