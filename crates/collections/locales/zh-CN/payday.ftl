# 发薪日

payday-title = 发薪日
payday-unknown = 未知
payday-day = 每月 { $day } 日
payday-next = 下一次：{ $on }
payday-own = 发薪日 { $on } 前后
payday-usual = 常见发薪日 { $on }
payday-earlier = 历次登记
payday-record = 登记发薪日
payday-save = 登记
payday-day-of-month = 每月几日
payday-day-hint = 1 至 31；当月没有这一天的按月末计。不再知道时留空。
payday-source = 来源
payday-source-debtor = 本人所述
payday-source-payslip = 工资单
payday-source-contract = 劳动合同
payday-source-statement = 银行流水
case-view-pay-day = 发薪日前后
work-order-pay_day = 发薪日
error-payday-day = “{ $text }”不是每月的某一天，请填写 1 至 31，或留空表示不再知道。
error-payday-company = 企业客户没有发薪日，请在档案中登记其进账日期。
action-payday-record = 登记发薪日
api-field-collections-day = 每月几日，1 至 31；空为不再知道
api-field-collections-source = 来源：debtor、payslip、contract 或 statement
