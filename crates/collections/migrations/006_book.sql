-- What a workbook said of the recording of a row that came in with it (整本导入的原登记信息).
alter table contact_hours add column book_origin text;
alter table contact_outcome add column book_origin text;
alter table collection_case_event add column book_origin text;
alter table promise add column book_origin text;
alter table default_cause add column book_origin text;
alter table capacity_assessment add column book_origin text;
alter table limitation_event add column book_origin text;
alter table letter add column book_origin text;
alter table letter_step add column book_origin text;
alter table legal_evidence add column book_origin text;
alter table legal_means add column book_origin text;
