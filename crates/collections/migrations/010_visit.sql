-- Visit orders (外访单): at least two people go to one address of a debtor on one day, and what came of it.
create table visit_order (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  number key_text not null,                -- 外访单号
  point_id bigint,                         -- the address as a contact point; null: the one in the customer's file
  district text not null,                  -- 区域, by which a route is ordered; no personal data
  visit_on date_text not null,
  from_minute bigint not null check (from_minute >= 0 and from_minute < 1440),
  until_minute bigint not null check (until_minute > from_minute and until_minute <= 1440),
  purpose text not null,
  documents text not null,                 -- what is carried
  state key_text not null check (state in ('planned', 'issued', 'on-the-way', 'done', 'called-off')),
  issued_by bigint,
  issued_at moment_text,
  set_out_at moment_text,
  allowance_id bigint,                     -- the contact that the guard let through
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((issued_by is null) = (issued_at is null)),
  check ((state in ('on-the-way', 'done')) = (allowance_id is not null)),
  check ((allowance_id is null) = (set_out_at is null))
);
create unique index visit_order_id on visit_order (id);
create unique index visit_order_number on visit_order (number);
create index visit_order_of_case on visit_order (customer_id, case_id, id);
create index visit_order_day on visit_order (visit_on, state);

-- Who goes (外访人员): people of the house, or an agency's by name, each with the credentials carried.
create table visit_visitor (
  customer_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  user_id bigint,                          -- null: staff of an agency
  name text not null,
  agency text not null,
  credential text not null,                -- 证件号: of the work pass, no identity document
  valid_until date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index visit_visitor_of on visit_visitor (customer_id, order_id, id);
create index visit_visitor_user on visit_visitor (user_id, customer_id);

-- A step of an order: a fact, never edited.
create table visit_step (
  customer_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  step key_text not null,
  detail text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index visit_step_of on visit_step (customer_id, order_id, id);

-- What came of a visit (外访记录), beside the contact that it is.
create table visit_record (
  customer_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  contact_id bigint not null,
  result key_text not null,
  arrived_at moment_text not null,
  identified bigint not null check (identified in (0, 1)),
  entry key_text not null check (entry in ('outside', 'consented', 'uninvited')),
  met text not null,                       -- who was met
  debt_kept bigint not null check (debt_kept in (0, 1)), -- a third party heard nothing of the debt
  said text not null,
  response text not null,
  seen text not null,                      -- assets and business, in words
  lump_sum bigint not null check (lump_sum in (0, 1)),   -- payment at once was talked about first
  conclusion key_text not null check (conclusion in ('none', 'go-on', 'plan', 'sue')),
  next_step text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
-- An order has one record, whoever comes first.
create unique index visit_record_of on visit_record (customer_id, order_id);

-- Photos of a visit (外访照片): kept files.
create table visit_photo (
  customer_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  attachment_id bigint not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index visit_photo_of on visit_photo (customer_id, order_id, id);
