-- Financial statements (财务报表) of companies: one row a statement, one row a line; a statement is corrected by another.

create table financial_statement (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  period_end date_text not null,
  months bigint not null check (months between 1 and 12),
  audited bigint not null check (audited in (0, 1)),
  form key_text not null check (form in ('original', 'copy')),
  source_note text not null,
  corrects_id bigint,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id)
);

create table statement_line (
  customer_id bigint not null references customer (customer_id),
  statement_id bigint not null,
  line key_text not null,
  amount_fen bigint not null,
  primary key (customer_id, statement_id, line)
);
