-- What a sorting brings, measured: who is monitored first, and the exposure of every class from its beginning on.
alter table sorting_item add column priority bigint not null default 2;
create index sorting_item_first on sorting_item (priority, due_on, id);
alter table sorting_project add column measure_on date_text;
create index sorting_project_measure on sorting_project (measure_on) where measure_on is not null;
-- What runs already is measured from the next close on.
update sorting_project set measure_on = started_on where state in ('running', 'reporting');

-- The exposure of those who stood on an outcome when a project began (分类敞口): measured then and every so many months.
create table sorting_exposure (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  axis key_text not null,
  outcome key_text not null,               -- empty: not decided
  as_of date_text not null,
  customers bigint not null,
  exposure_fen bigint not null,            -- loans outstanding and guarantees in force
  interest_fen bigint not null,            -- all interest that was ever received
  provision_fen bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create unique index sorting_exposure_once on sorting_exposure (project_id, axis, outcome, as_of);

-- Why an exposure grew that is to be reduced, and what is done (敞口上升说明).
create table sorting_exposure_note (
  id bigint not null primary key,
  project_id bigint not null references sorting_project (id),
  axis key_text not null,
  outcome key_text not null,
  words text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index sorting_exposure_note_of on sorting_exposure_note (project_id, id);
