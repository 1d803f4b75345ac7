### Notices.

notices-title = Notices
notice-count = { $count } in all
notice-text = What happened
notice-kind = Kind
notice-at = When
notice-mark = Mark
notice-mark-read = Mark as read
notice-mark-unread = Mark as unread
notice-read-all = Mark all as read
notice-settled = Settled
notice-view-unread = Unread
notice-view-all = All
notice-view-read = Read
notice-for = For { $name }: { $news }
notice-none = No notices
notice-none-text = When an approval waits for you, a request of yours is decided, a duty comes to you, rules change, or a backup or close fails, you are told here.

notice-kind-approval-waits = Approval waits
notice-kind-approval-decided = Approval decided
notice-kind-duty-assigned = Duty assigned
notice-kind-duties-escalated = Duties escalated
notice-kind-policy-approved = Rules changed
notice-kind-backup-failed = Backup failed
notice-kind-close-blocked = Day not sealed
notice-kind-close-failed = Close broke off

notice-approval-waits = { $matter } waits for your approval: { $title }
notice-approval-decided = { $matter }: { $state } – { $title }
notice-duty-assigned = A duty was assigned to you: { $title }, due { $due }
notice-duties-escalated = On { $on }, { $count } overdue duties were escalated to your role
notice-policy-approved = Rules { $version } are approved and apply from { $from }
notice-backup-failed = A backup could not be made: { $problem }
notice-close-blocked = { $day } cannot be sealed yet: a check disagrees, or something isolated awaits an answer
notice-close-failed = The close of { $day } broke off; it can be continued
notice-kind-outbox-dead = Message not delivered
notice-kind-outbox-unknown = Outcome of a message unknown
notice-outbox-dead = { $kind } not delivered after { $attempts } attempts: { $about }
notice-outbox-unknown = { $kind } sent, but nobody knows whether it arrived: { $about }
notice-kind-export-ready = Export ready
notice-kind-export-failed = Export failed
notice-export-ready = An export is ready: { $rows } rows
notice-kind-batch-done = Batch done
notice-batch-done = { $verb }: the batch is through, { $done } done, { $refused } not done
notice-export-failed = An export was not made
