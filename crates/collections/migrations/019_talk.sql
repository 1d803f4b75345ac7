-- A talk about a debt (谈话记录), S2.3-18, S2.3-27: what was explained, how it was said, what was answered. A fact, never edited.
create table talk_record (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  held_on date_text not null,
  way key_text not null check (way in ('phone', 'visit', 'office')),
  relation_id bigint,                      -- the obligor talked with; none: the debtor
  person text not null,
  willing bigint not null check (willing in (0, 1)),
  able bigint not null check (able in (0, 1)),
  temper key_text not null,
  points text not null,                    -- what was explained, of the policy's list, between bars
  words text not null,
  answer text not null,
  incident key_text not null check (incident in ('none', 'heated', 'conflict')),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index talk_record_of_case on talk_record (customer_id, case_id, id);

-- Which way a loan is recovered (追偿路径), S2.3-04: the security it rests on, what the policy said then, what is planned.
create table recovery_route (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  loan_id bigint not null,
  security_id bigint,                      -- none: nothing stands behind the loan
  security_kind key_text not null,
  security text not null,
  route key_text not null,
  article text not null,
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index recovery_route_of_case on recovery_route (customer_id, case_id, id);
