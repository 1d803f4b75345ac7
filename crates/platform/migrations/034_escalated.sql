-- Which days still have escalated duties is asked at every close.
create index duty_escalated on duty (escalated_on) where state = 'open' and escalated_on is not null;
