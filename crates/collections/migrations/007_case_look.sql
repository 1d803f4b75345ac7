-- When the frequency of contact must next be looked at for a case (催收频次下次检查日): set when it opens and when it changes
-- its step, moved on by the close; null where nothing asks for contacts.
alter table collection_case add column ask_on date_text;
update collection_case set ask_on = opened_on where closed_on is null;
create index collection_case_ask on collection_case (ask_on, customer_id) where closed_on is null;
