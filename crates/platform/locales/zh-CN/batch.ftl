# 批量办理

action-batch-run = 批量办理
action-batch-export = 导出批量办理结果
batch-picked = 已选 { $count } 项
batch-lines = 明细
batch-head-thing = 所选
batch-head-amount = 金额
batch-head-outcome = 结果
batch-head-why = 原因
batch-how = 先试办：逐项按单笔办理的同一规则试一遍，不写入任何内容；不能办的会说明原因，其余可照办。
batch-try = 试办
batch-do = { $verb }：办理 { $count } 项
batch-refused = { $of } 项中有 { $count } 项不能办理，原因见下；办理时跳过这些项
batch-went = 已办 { $done } 项，未办 { $refused } 项
batch-total = 合计 { $count } 项（不含不能办的）
batch-export = 导出结果
batch-outcome-picked = 已选
batch-outcome-would = 可办
batch-outcome-done = 已办
batch-outcome-refused = 不能办
batch-duty-assign = 批量分派任务
batch-duty-excuse = 批量免除任务
error-batch-none = 没有选中任何一项：请回到列表勾选后再办理
error-batch-too-many = 一次选了 { $count } 项，最多 { $most } 项：请分几次办理
error-batch-unknown = 没有这份批量办理结果，或不是您办理的
