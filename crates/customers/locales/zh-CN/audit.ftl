# 审计记录中的动作

action-bank-account-add = 登记银行账户
action-bank-account-end = 停用银行账户
action-bank-account-verify = 核实银行账户
action-contact-point-add = 登记联系方式
action-contact-point-end = 停用联系方式
action-customer-change = 修改客户资料
action-customer-hide = 隐藏客户
action-customer-open = 建立客户
action-customer-open-many = 批量建立客户
action-relation-add = 登记关联人
action-relation-change = 修改关联人
action-relation-consent = 登记关联人同意
action-relation-end = 终止关联关系
action-relation-object = 登记关联人异议
action-datum-record = 登记客户资料
action-datum-verify = 核实客户资料
action-datum-withdraw = 撤回客户资料

event-customer-opened = 客户建档
action-statement-enter = 录入财务报表
event-standing-changed = 客户分类评级变动
