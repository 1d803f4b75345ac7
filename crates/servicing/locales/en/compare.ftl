### Comparison of rules, and rows that missed.

compare-loans = loans
compare-npl = Non-performing balance
compare-provision = Special provisions
compare-contacts-weekly = Weekly collection contacts (a month)
compare-contacts-daily = Daily collection contacts (a month)
