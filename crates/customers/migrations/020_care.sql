-- Care of customers (客户维护): plans made for single customers, agreed to by somebody else, reviewed when their year is over.

create table care_plan (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  number key_text not null,                -- 维护方案编号
  kind key_text not null,                  -- as the policy names kinds of plans
  content_json text not null,              -- what is said item by item, the rhythm of contacts, where the customer stood
  contact_days bigint check (contact_days > 0),
  state key_text not null check (state in ('submitted', 'approved', 'refused')),
  approval_id bigint,
  approved_on date_text,
  review_on date_text,                     -- when its results are reviewed
  reviewed_on date_text,
  reviewed_by bigint,
  review_json text,                        -- what came of it, item by item
  superseded_by bigint,                    -- the approved plan that took its place
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,             -- who made it
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((state = 'approved') = (approved_on is not null)),
  check ((state = 'approved') = (review_on is not null)),
  check ((reviewed_on is null) = (review_json is null))
);
create unique index care_plan_number on care_plan (number);
create unique index care_plan_open on care_plan (customer_id, kind) where state = 'submitted';
create unique index care_plan_current on care_plan (customer_id, kind)
  where state = 'approved' and superseded_by is null and reviewed_on is null;
create index care_plan_review on care_plan (review_on) where state = 'approved';

-- A contact of care (维护联系): a fact, never edited. Contacts about debts are kept elsewhere, under the contact guard.
create table care_contact (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  way key_text not null,
  happened_on date_text not null,
  content text not null,
  response text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index care_contact_of on care_contact (customer_id, happened_on);
