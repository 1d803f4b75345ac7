-- What a workbook said of the recording of a row that came in with it (整本导入的原登记信息).
alter table contract add column book_origin text;
alter table loan add column book_origin text;
alter table loan_terms add column book_origin text;
alter table loan_transaction add column book_origin text;
alter table guarantee add column book_origin text;
alter table collateral add column book_origin text;
