### 车贷贷后岗：放款回单。

slip-title = 放款回单
slip-subtitle = 每笔放款按银行回单录入，由他人与台账、客户资料逐项核对
slip-one = 放款回单
slip-short = 放款回单
slip-new = 录入
slip-enter = 录入放款回单
slip-verb = 录入回单
slip-view-missing = 未录入
slip-view-entered = 待复核
slip-view-checked = 已复核
slip-view-all = 全部
slip-count = { $count } 笔放款
slip-none = 没有符合条件的放款
slip-none-text = 换一个视图，或清除筛选条件。
slip-payout = 哪笔放款
slip-drawn-on = 台账放款日
slip-drawn = 台账放款金额
slip-number = 回单号
slip-paid-on = 放款日期
slip-payee = 收款人
slip-account = 收款账号
slip-account-hint = 按回单填写完整账号；只保存脱敏账号，并与客户资料中已核实的放款账户核对。
slip-amount = 金额
slip-repays-on = 首个还款日
slip-monthly = 月还款额
slip-state = 状态
slip-state-missing = 未录入
slip-state-entered = 待复核
slip-state-checked = 已复核
slip-state-refused = 已退回
slip-maker = 录入人
slip-made-on = 录入日期
slip-checker = 复核人
slip-checked-on = 复核日期
slip-hint = 请照银行回单填写，不照台账填写；复核人逐项核对后通过。
slip-compared = 逐项核对
slip-part = 核对项
slip-says = 回单
slip-loan-says = 台账与客户资料
slip-agrees = 核对结果
slip-same = 一致
slip-differs = 不一致
slip-part-paid-on = 放款日期
slip-part-payee = 收款人
slip-part-account = 收款账号
slip-part-amount = 金额
slip-part-repays-on = 首个还款日
slip-part-monthly = 月还款额
slip-check = 复核放款回单
slip-verdict = 复核结论
slip-verdict-passes = 各项一致，通过
slip-verdict-refused = 录入有误，退回重录
slip-check-note = 复核意见
slip-check-note-hint = 退回须写明哪一项有误。

error-slip-no-payout = 借据 { $number } 没有待录入回单的放款
error-slip-no-payout-way = 请核对借据；已录入有误的，由复核人退回后重录。
error-slip-taken = 回单号 { $number } 已录入过
error-slip-taken-way = 请核对回单号；原录入有误的，由复核人退回后重录。
error-slip-not-found = 没有这份放款回单，或不在您的数据范围内
error-slip-not-found-way = 请核对编号；需要时请主管调整数据范围。
error-slip-state = 这份回单{ $state ->
        [checked] 已复核
       *[refused] 已退回
    }，不能再次复核
error-slip-state-way = 复核后的回单不再修改；退回的请重新录入一份。
error-slip-own = 录入人不得复核自己录入的回单
error-slip-own-way = 请由另一位复核人办理。
error-slip-differs = 回单 { $number } 有 { $count } 项与台账或客户资料不一致（{ $part ->
        [paid_on] 放款日期
        [payee] 收款人
        [account] 收款账号
        [amount] 金额
        [repays_on] 首个还款日
       *[monthly] 月还款额
    }），不能通过
error-slip-differs-way = 录入有误的退回重录；客户账户或台账有误的，先更正再复核。
error-slip-later = 放款日期 { $on } 晚于营业日 { $today }；请核对回单。
error-slip-repays-before = 首个还款日 { $on } 不晚于放款日期 { $paid_on }；请核对回单。

action-slip-enter = 录入放款回单
action-slip-check = 复核放款回单

api-field-slips-slip = 放款回单键
api-field-payout = 放款流水的键；不填为最早一笔未录回单的放款
api-field-slip-number = 回单号
api-field-slip-paid-on = 回单上的放款日期，YYYY-MM-DD
api-field-payee = 收款人
api-field-payee-account = 收款账号；只保存脱敏账号
api-field-repays-on = 首个还款日，YYYY-MM-DD
api-field-monthly = 月还款额（元）
api-field-slip-verdict = 复核结论：passes 通过，refused 退回
