-- Why an approval is handled before others (优先办理), in both languages; nothing: in its turn.
alter table approval add column priority_note text;
