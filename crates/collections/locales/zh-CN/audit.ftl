# 审计记录中的动作

action-agreement-export = 导出还款协议清单
action-bundle-make = 编制诉讼卷宗
action-calling-line-register = 登记外呼线路
action-capacity-assess = 评估还款能力
action-case-export = 导出催收案件
action-case-transfer = 移交案件
action-case-unlock = 解除案件占用
action-cause-diagnose = 诊断逾期原因
action-conduct-export = 导出催收行为
action-conduct-review = 复核催收行为
action-contact-ground = 登记联系依据
action-contact-ground-end = 终止联系依据
action-contact-hours = 设置免打扰时段
action-dossier-bundle = 为编制卷宗查阅债务人档案
action-dossier-print = 打印债务人档案
action-dossier-record = 登记债务人档案
action-dossier-view = 查阅债务人档案
action-frequency-export = 导出催收频次清单
action-legal-close = 结束法律程序
action-legal-end-means = 结束法律手段
action-legal-evidence = 登记证据
action-legal-means = 采取法律手段
action-legal-open = 提起法律程序
action-letter-print = 打印函件
action-letter-step = 登记函件进度
action-limitation-correct = 更正时效记录
action-promise-export = 导出承诺清单
action-promise-make = 登记还款承诺
action-promise-withdraw = 撤回还款承诺

event-case-opened = 催收立案
event-case-closed = 催收结案
event-promise-settled = 承诺有结果
event-letter-issued = 函件开出
event-letter-sent = 函件寄出
event-legal-opened = 移交法律手段
