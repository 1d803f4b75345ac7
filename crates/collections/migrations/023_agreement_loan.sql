-- The further loans of an agreement (协议所涉其他借据), S4-12: one agreement over several loans of a case. The row of the agreement
-- names the first; what is given up of each of these stands in its terms, in the order of the keys.
create table repayment_agreement_loan (
  customer_id bigint not null,
  id bigint not null,
  agreement_id bigint not null,
  loan_id bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index repayment_agreement_loan_once on repayment_agreement_loan (customer_id, agreement_id, loan_id);
