# 停催标记

stop-flag-panel = 停催标记
stop-flag-badge = 停催：{ $kind }
stop-flag-set = 设置停催标记
stop-flag-lift = 解除停催标记
stop-flag-none = 没有停催情形。
stop-flag-kind = 情形
stop-flag-reason = 说明
stop-flag-since = 自
stop-flag-evidence = 依据
stop-flag-evidence-hint = 证明、投诉单号、还款协议编号等。
stop-flag-note = 设置后即停止一切催收联系，频次任务免责；死亡、无行为能力与破产转法务办理。
stop-flag-lifted = 已由 { $by } 解除：{ $reason }
stop-flag-kind-agreement = 还款协议履行中
stop-flag-kind-dispute = 争议或投诉办理中
stop-flag-kind-death = 债务人死亡
stop-flag-kind-minor = 未成年人
stop-flag-kind-incapacity = 无或限制民事行为能力
stop-flag-kind-illness = 重病
stop-flag-kind-bankruptcy = 破产程序
error-stop-flag-stands = 同类停催标记已存在
error-stop-flag-not-found = 没有这个停催标记，或已解除
error-stop-flag-own = 设置人不得自行解除
error-stop-flag-own-way = 请由有权限的他人办理。
timeline-stop-flag-set = 设置停催标记
timeline-stop-flag-lift = 解除停催标记
stop-flag-legal-verb = 转法务办理
