### Backup.

action-backup-run = See copies, take one now, set the plan of backups

backup-title = Backups
backup-now = Take a copy now
backup-plan = Plan
backup-hour = From which hour of the day (0–23)
backup-hour-hint = China time; a copy missed while the server was down is taken when it runs again.
backup-daily = How many days are kept
backup-weekly = How many weeks are kept (the last copy of each)
backup-kept-hint = Copies asked for by a person are never removed.
backup-save = Save the plan
backup-restoring = How to restore
backup-restoring-text = Restore one on another machine now and then: check the file, then restore it into an empty data folder; every table's totals are compared and the audit chains verified.
backup-keys-text = Keep the copies, the key of the copies and the key to personal data (loanward.key) in three places: without the first key no copy opens, without the second nobody can read identity numbers, phones and accounts.
backup-copies = Copies
backup-started = Began
backup-state = State
backup-why = Why
backup-file = File
backup-size = Size
backup-rows = Rows
backup-day = Business date
backup-none = No copy yet.
backup-running = Under way
backup-done = Done
backup-failed = Failed
backup-removed = Removed after its time
backup-by-plan = By the plan
backup-by-hand = By hand
backup-no-folder = No folder for copies is set: start the server with --backup-dir and a key file with --backup-key (made by loanward backup --new-key), and a copy is taken every day.
backup-never = No copy has succeeded yet. One is taken at its hour, or take one now.
backup-old = The last copy that succeeded is of { $at }, more than a day ago: see the reason below.
backup-fresh = The last copy that succeeded is of { $at }.
backup-problem-file = the folder cannot be written, or the disk is full
backup-problem-file-exists = a file of that name exists
backup-problem-store = the database did not answer
backup-problem-key-file = the key file of the backups cannot be used
backup-problem-other = the log has the reason

error-backup-no-folder = No folder for copies is set: name it with --backup-dir and --backup-key at the start of the server.
error-backup-hour = A full hour between 0 and 23
error-backup-kept = A whole number between 1 and { $most }
