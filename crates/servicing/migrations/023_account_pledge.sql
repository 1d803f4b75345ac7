-- A pledge of the account that the borrower's salary goes to (工资账户质押, S5.8-17): the contract behind a pledge.
alter table collateral add column account_id bigint;
alter table collateral add column contract_no text;
alter table collateral add column contract_on date_text;
