# 审计记录中的动作

action-import-download = 下载导入文件
action-import-run = 导入
action-import-try = 导入试算
action-import-undo = 撤销导入
action-import-upload = 上传导入文件
action-import-write = 导入写入
action-loan-charge = 登记费用
action-loan-extend = 展期
action-loan-print = 打印贷款单据
action-loan-reverse = 冲正
action-loan-waive = 减免
action-loan-write-off = 核销
action-repayment-batch-export = 导出批量还款
action-repayment-batch-record = 批量还款入账
action-repayment-batch-upload = 上传批量还款
action-security-add = 登记担保
action-security-end = 解除担保
action-loan-change-rate = 利率调整
action-loan-restructure = 重组
action-loan-suspend = 停息
action-loan-misuse = 挪用认定
action-loan-accelerate = 宣布提前到期

event-loan-disbursed = 放款
event-repayment-received = 收到还款
event-transaction-reversed = 冲正交易
event-loan-charged = 计收费用
event-loan-waived = 减免
event-loan-extended = 展期
event-loan-written-off = 核销
event-loan-imported = 导入贷款
event-loan-import-undone = 撤销导入
