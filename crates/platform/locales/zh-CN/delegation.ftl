### 请假代理。

action-delegation-approve = 审批代理
action-delegation-ask = 申请代理
action-delegation-refuse = 拒绝代理
action-delegation-end = 终止代理
action-delegation-act = 开始代他人办理
action-delegation-act-ended = 恢复本人身份

delegations-title = 请假代理
delegations-text = 不在岗期间由谁代办。
delegations-waiting = 待审批
delegations-own = 与我有关
delegations-none = 暂无。不在岗时在下面指定一位同事，批准后由其在这些日子代办您的任务和审批。
delegation-absent = 请假人
delegation-delegate = 代理人
delegation-role = 代理的角色
delegation-all-roles = 全部角色
delegation-from = 开始日期
delegation-until = 结束日期
delegation-reason = 事由
delegation-asked = 待审批
delegation-holds = 代理中
delegation-to-come = 已批准，未开始
delegation-over = 已到期
delegation-refused = 已拒绝
delegation-ended = 已终止
delegation-approve = 批准
delegation-refuse = 拒绝
delegation-act = 代其办理
delegation-end = 终止
delegation-new = 指定代理人
delegation-ask = 提交审批
delegation-hint = 由申请人、请假人、代理人以外的主管批准；按营业日自动开始和结束。全部操作记为“某人代某人”；代理人不得复核本人或请假人经办的事项。
delegation-banner = 您正在代 { $name } 办理（至 { $until }），全部操作记为您代 { $name } 所办。
delegation-banner-end = 恢复本人身份
delegation-acting = 您正在代 { $name } 办理。
delegation-act-ended = 恢复本人身份
delegation-for = 代 { $name }
home-stand-in = 您可代 { $name } 办理，至 { $until }
home-delegated = { $name } 代您办理，至 { $until }

notice-kind-delegation-waits = 代理待审批
notice-kind-collection-fed-back = 催收反馈
notice-collection-fed-back = 案件 { $case }：{ $on } 已联系债务人，时间、内容与答复见案件。
notice-kind-delegated = 代理已批准
notice-delegation-waits = { $absent } 拟由 { $delegate } 代理，待审批
notice-delegated = { $absent } 由 { $delegate } 代理，{ $from } 至 { $until }

error-delegation-unknown = 没有这项代理，或不在您的数据范围内
error-delegation-days = 结束日期不能早于开始日期，也不能已过
error-delegation-delegate = 请选择可登录的另一位同事
error-delegation-role = 请假人没有这个角色，请选全部角色或其他角色
error-delegation-own = 申请人、请假人和代理人不能批准此项代理
error-delegation-own-way = 须由另一位有权限的人批准。
error-delegation-not-now = 此项代理在当前营业日无效
error-delegation-not-now-way = 请查看代理的日期和状态。
