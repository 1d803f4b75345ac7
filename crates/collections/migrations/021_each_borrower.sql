-- Rule message.one-waiting: of one kind about one loan one message waits for each who gets it, the debtor or a co-borrower.
drop index debtor_message_waiting;
create unique index debtor_message_waiting on debtor_message (customer_id, loan_id, kind, point_id) where state = 'waiting';
