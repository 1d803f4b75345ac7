-- What is mine is found by its owner, by the role that owns it in a branch, and by the role it was sent up to there.
create index duty_open_role on duty (branch_id, owner_role, owner_id, due_on) where state = 'open';
create index duty_open_sent_up on duty (branch_id, escalate_to, due_on) where state = 'open' and escalated_on is not null;
