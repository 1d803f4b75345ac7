-- The audit trail names things by their key alone; the primary key begins with the customer.
create index loan_id on loan (id);
