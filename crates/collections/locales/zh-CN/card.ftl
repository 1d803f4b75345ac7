# 要点卡、岗位职责

playbook-title = 沟通要点
playbook-note = 制度的原话：通话前后做什么，各类欠款人可以怎么答、不得怎么做、须记录什么。
playbook-all = 全部要点卡
playbook-call = 通话要点
playbook-sort-call = 通话
playbook-sort-pattern = 欠款人类型
playbook-sort-segment = 欠款人群
playbook-before = 通话前
playbook-during = 通话中
playbook-recognise = 识别
playbook-permitted = 可以
playbook-prohibited = 不得
playbook-record = 须记录
segment-white-collar = 白领
segment-retiree = 退休人员
segment-micro-owner = 小微企业主
segment-worker = 务工人员
case-life-stage = 生命期
api-field-collections-pattern = 欠款人类型，p1 至 p14；空为全部
api-field-collections-segment = 欠款人群：white_collar、retiree、micro_owner 或 worker；空为全部

post-title = 岗位职责
post-note = 逾期管理各岗位做什么、凭什么权限、由谁担任、系统按时下达哪些任务。
post-task = 职责
post-permission = 权限
post-article = 依据
post-granted = 已授权
post-missing = 未授权
post-duties = 按时下达的任务
post-people = 任职人员
post-nobody = 无人任职
post-none = 制度没有岗位职责
post-none-text = 请在制度中维护岗位职责表。
