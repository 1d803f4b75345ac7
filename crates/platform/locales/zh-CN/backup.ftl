### 备份。

action-backup-run = 查看备份、立即备份、设置备份安排

backup-title = 备份
backup-now = 立即备份
backup-plan = 备份安排
backup-hour = 每天几点之后（0–23）
backup-hour-hint = 北京时间；服务停机错过的，恢复运行后补做。
backup-daily = 保留最近几天
backup-weekly = 保留最近几周（每周最后一份）
backup-kept-hint = 人工备份不会自动删除。
backup-save = 保存安排
backup-restoring = 如何恢复
backup-restoring-text = 请定期在另一台机器上恢复一次：先核对文件，再恢复到空的数据目录，程序会逐表比对合计并核验审计链。
backup-keys-text = 备份、备份密钥、个人信息密钥文件（loanward.key）请分三处保管：没有备份密钥，备份打不开；没有个人信息密钥，证件号、电话和账号读不出来。
backup-copies = 备份记录
backup-started = 开始
backup-state = 状态
backup-why = 来由
backup-file = 文件
backup-size = 大小
backup-rows = 记录数
backup-day = 营业日
backup-none = 还没有备份。
backup-running = 进行中
backup-done = 已完成
backup-failed = 未成功
backup-removed = 到期已删除
backup-by-plan = 按安排
backup-by-hand = 人工
backup-no-folder = 尚未设置备份目录：启动服务时用 --backup-dir 指定目录、用 --backup-key 指定备份密钥文件（loanward backup --new-key 生成），之后每天自动备份。
backup-never = 还没有成功的备份。到点会自动进行，也可以现在就备份一次。
backup-old = 最近一次成功的备份在 { $at }，已超过一天：请查看下面的原因。
backup-fresh = 最近一次成功的备份在 { $at }。
backup-problem-file = 目录无法写入或磁盘已满
backup-problem-file-exists = 已有同名文件
backup-problem-store = 数据库没有应答
backup-problem-key-file = 备份密钥文件无法使用
backup-problem-other = 原因见日志

error-backup-no-folder = 尚未设置备份目录：启动服务时用 --backup-dir 与 --backup-key 指定。
error-backup-hour = 应为 0 到 23 之间的整点
error-backup-kept = 应为 1 到 { $most } 之间的整数
