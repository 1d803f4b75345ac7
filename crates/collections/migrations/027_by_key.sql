-- The audit trail names things by their key alone; the primary key begins with the customer.
create index collection_case_id on collection_case (id);
create index letter_id on letter (id);
