### 通知。

notices-title = 通知
notice-count = 共 { $count } 条
notice-text = 内容
notice-kind = 类别
notice-at = 时间
notice-mark = 标记
notice-mark-read = 标为已读
notice-mark-unread = 标为未读
notice-read-all = 全部标为已读
notice-settled = 已了结
notice-view-unread = 未读
notice-view-all = 全部
notice-view-read = 已读
notice-for = 代{ $name }：{ $news }
notice-none = 没有通知
notice-none-text = 有审批等您处理、您的申请有了结果、任务转给您、制度更新、备份或日终出错时，会在这里告诉您。

notice-kind-approval-waits = 待我审批
notice-kind-approval-decided = 审批结果
notice-kind-duty-assigned = 任务分派
notice-kind-duties-escalated = 任务升级
notice-kind-policy-approved = 制度更新
notice-kind-backup-failed = 备份失败
notice-kind-close-blocked = 日终未封账
notice-kind-close-failed = 日终中断

notice-approval-waits = { $matter }等您审批：{ $title }
notice-approval-decided = { $matter }{ $state }：{ $title }
notice-duty-assigned = 分派给您的任务：{ $title }，{ $due } 前完成
notice-duties-escalated = { $on } 有 { $count } 项逾期未办的任务升级到您的岗位
notice-policy-approved = 制度 { $version } 已批准，自 { $from } 起施行
notice-backup-failed = 备份没有做成：{ $problem }
notice-close-blocked = { $day } 的日终还不能封账：有不符的核对或未处理的隔离项
notice-close-failed = { $day } 的日终中断，可以接着做
notice-kind-outbox-dead = 消息未送达
notice-kind-outbox-unknown = 消息结果不明
notice-outbox-dead = { $kind }未送达，已尝试 { $attempts } 次：{ $about }
notice-outbox-unknown = { $kind }已发出，但不知道是否收到：{ $about }
notice-kind-export-ready = 导出完成
notice-kind-export-failed = 导出失败
notice-export-ready = 导出已生成，共 { $rows } 行，可以下载
notice-kind-batch-done = 批量办理完成
notice-batch-done = { $verb }已办完：已办 { $done } 项，未办 { $refused } 项
notice-export-failed = 导出没有生成
