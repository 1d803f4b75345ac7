# 审计记录中的动作

action-dashboard-export = 导出驾驶舱明细
