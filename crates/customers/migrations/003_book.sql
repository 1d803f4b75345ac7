-- What a workbook said of the recording of a row that came in with it (整本导入的原登记信息).
alter table customer add column book_origin text;
alter table customer_fact add column book_origin text;
alter table customer_alias add column book_origin text;
alter table contact_point add column book_origin text;
alter table relation add column book_origin text;
alter table bank_account add column book_origin text;
