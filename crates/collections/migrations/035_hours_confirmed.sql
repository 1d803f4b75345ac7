-- A second person's confirmation of hours and time zone that a debtor agreed to (约定时段复核): until then they open nothing.
create table contact_hours_confirmation (
  customer_id bigint not null,
  hours_id bigint not null,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, hours_id),
  foreign key (customer_id, hours_id) references contact_hours (customer_id, id)
);
-- How often limits were opened for a person on a day is counted at every opening.
create index contact_opening_day on contact_opening (person_id, opened_at);
