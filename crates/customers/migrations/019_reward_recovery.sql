-- A reward that was paid before the payout behind it was taken back is recovered (追回推荐奖励).
alter table referral_reward add column recover_since date_text;
alter table referral_reward add column recovered_on date_text;
alter table referral_reward add column recovered_by bigint;
alter table referral_reward add column recovery_ref text;
