-- Kept files (附件): scans, photos and papers of a thing, their content in sealed pieces. Never changed: a newer file
-- replaces one, or it is withdrawn with a reason.
create table attachment (
  customer_id bigint not null,             -- whose file it stands in
  id bigint not null,
  subject key_text not null,               -- the thing that it belongs to: customer:7
  name text not null,                      -- without folders, long numbers masked
  media key_text not null check (media in ('pdf', 'jpeg', 'png', 'xlsx', 'docx', 'plain')),
  size_bytes bigint not null check (size_bytes > 0),
  digest key_text not null,                -- SHA-256 of the content
  replaces_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id)
);
create index attachment_subject on attachment (customer_id, subject);
create index attachment_id on attachment (id);
create unique index attachment_replaces on attachment (customer_id, replaces_id);

-- The content, sealed; a workbook of the whole book does not carry it, a backup does.
create table attachment_piece (
  customer_id bigint not null,
  attachment_id bigint not null,
  no bigint not null check (no >= 0),
  sealed bytea not null,
  primary key (customer_id, attachment_id, no),
  foreign key (customer_id, attachment_id) references attachment (customer_id, id)
);

create table attachment_withdrawal (
  customer_id bigint not null,
  id bigint not null,
  attachment_id bigint not null,
  reason text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  unique (customer_id, attachment_id),
  foreign key (customer_id, attachment_id) references attachment (customer_id, id)
);
