### 列表导出。

action-export-ask = 申请后台导出
action-export-download = 下载了导出文件

export-title = 导出
export-note = 本人申请的后台导出；文件到期自动删除，下载时重新核对权限与数据范围
export-none = 还没有后台导出
export-none-text = 在列表中导出较大的结果，或勾选若干行后选择“导出所选”，任务会列在这里。
export-count = { $count } 个导出
export-list = 列表
export-asked = 申请时间
export-state = 状态
export-rows = 行数
export-kept = 保留至
export-selection = 导出所选
export-as-of = 营业日 { $on }
export-large = 结果共 { $count } 行，将在后台生成。
export-large-hint = 生成期间可以继续工作，完成后会有通知。文件只有本人可以下载。
export-begin = 开始导出
export-progress = 已写 { $done } / { $all } 行
export-ready = 共 { $rows } 行，可下载至 { $until }。
export-failed-text = 没有生成。请重新导出；仍然失败时请联系系统管理员。
export-removed-text = 文件已过保留期并删除。需要时请重新导出。
export-take = 下载
export-state-running = 生成中
export-state-done = 可下载
export-state-failed = 未生成
export-state-removed = 已删除

error-export-question = 列表的筛选条件无法识别
error-export-question-way = 请回到列表，重新筛选后再导出。
error-export-too-many = 结果有 { $rows } 行，一次至多导出 { $most } 行
error-export-too-many-way = 请用筛选条件缩小范围，分次导出。
error-export-too-large = 结果有 { $rows } 行，须在后台生成
error-export-too-large-way = 程序请用 POST /exports 申请，完成后下载。
error-export-busy = 已有 { $running } 个导出在进行
error-export-busy-way = 请等其中一个完成后再申请。
error-export-narrower = 您现在的数据范围小于生成这个文件时的范围，不能下载
error-export-narrower-way = 请在现在的范围内重新导出。
