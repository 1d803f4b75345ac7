### 垫款：按月列单、复核、签批、付款、收回。

advance-title = 垫款清单
advance-subtitle = 按月列单，同事复核，各主管签批，出纳付款；一机构一月一单
advance-view-open = 办理中
advance-view-signed = 待付款
advance-view-paid = 已付款
advance-view-ended = 未通过与作废
advance-view-all = 全部
advance-count = { $count } 份清单
advance-none = 没有垫款清单
advance-none-text = 月末后按未还期次列单；付款后该月关账。
advance-one = 垫款清单
advance-number = 清单编号
advance-month = 月份
advance-month-hint = 还款日所在月份，如 2026-10；该月结束后才能列单。
advance-rows = 笔数
advance-rows-title = 垫款明细
advance-amount = 垫款金额
advance-capital = 金额大写
advance-state = 状态
advance-state-drawn = 待复核
advance-state-checked = 已复核
advance-state-submitted = 签批中
advance-state-signed = 待付款
advance-state-paid = 已付款
advance-state-refused = 未通过
advance-state-dropped = 已作废
advance-row-state = 行状态
advance-row-listed = 在列
advance-row-taken-off = 已剔除
advance-row-left-out = 未付
advance-row-paid = 已垫付
advance-row-change = 修改本行
advance-row-hint = 目前应还 { $due }；填 0 从清单剔除。卡号、户名、还款日按最新资料更新。
advance-holder = 户名
advance-due-now = 目前应还
advance-note = 说明
advance-maker = 经办人
advance-checker = 复核人
advance-cashier = 出纳
advance-drawn-on = 列单日期
advance-checked-on = 复核日期
advance-signed-on = 签批日期
advance-paid-on = 付款日期
advance-payment-ref = 付款凭证号
advance-payment-hint = 凭证或转账编号，不是账号。
advance-leave-out = 客户已还、超过应还的行不付，其余照付
advance-open-approval = 查看签批
advance-new = 列出某月垫款
advance-draw = 列单
advance-check = 复核
advance-check-hint = 逐行核对金额、卡号、户名、日期；与台账和客户资料不符时不能通过。
advance-submit = 送签
advance-submit-hint = 送各主管签批；送签后即可打印清单，纸上列有各签批岗位。
advance-pay = 付款
advance-pay-hint = 只付已签批的清单；付款后该月关账，各笔成为客户对本机构的欠款。
advance-drop = 作废
advance-drop-hint = 作废后可重新列出该月。
advance-paper = 垫款清单（打印）
advance-heading = 垫款清单 { $number }
advance-sign-maker = 经办：{ $name }
advance-sign-checker = 复核：{ $name }
advance-sign-cashier = 出纳：{ $name }
advance-verb = 列垫款清单
advance-pay-verb = 付垫款
advance-debts-title = 垫款台账
advance-debts-subtitle = 各笔垫款、以该期还款收回的部分与尚欠
advance-debts-view-open = 尚欠
advance-debts-view-all = 全部
advance-debts-count = { $count } 笔垫款
advance-debts-none = 没有尚欠的垫款
advance-debts-none-text = 客户偿还所垫期次后，垫款即收回。
advance-recovered = 已收回
advance-owed = 尚欠
approval-advance-list = 垫款清单签批
material-advance-page = 垫款清单
material-advance-month = 月份
material-advance-rows = 笔数
close-step-advance_lists = 垫款清单任务

error-advance-not-found = 没有这份垫款清单，或不在您的数据范围内
error-advance-not-found-way = 从垫款清单列表打开；需要时请主管调整数据范围。
error-advance-month = 月份“{ $month }”无法识别，或尚未结束
error-advance-month-way = 按 2026-10 的格式填写，须早于营业日所在月份。
error-advance-month-closed = { $month } 已有清单 { $number }（{ $state ->
        [drawn] 待复核
        [checked] 已复核
        [submitted] 签批中
        [signed] 待付款
       *[paid] 已付款，当月已关账
    }）
error-advance-month-closed-way = 办理该清单；未付款的可作废后重新列单。
error-advance-nothing = { $month } 没有可垫的款项
error-advance-nothing-way = 该月到期的期次均已还清或已垫付；没有在列的行时请作废清单。
error-advance-too-many = { $month } 可垫的期次超过一份清单的上限 { $most } 行
error-advance-too-many-way = 请先登记已到账的还款，再列单；仍超过时请联系系统管理员。
error-advance-not-own = 只有列单人可以修改清单中的行
error-advance-not-own-way = 请列单人修改；列单人不在时，作废该清单后由您重新列单。
error-advance-state = 清单当前状态不能办理此事（{ $state ->
        [drawn] 待复核
        [checked] 已复核
        [submitted] 签批中
        [signed] 待付款
        [paid] 已付款
        [refused] 未通过
       *[dropped] 已作废
    }）
error-advance-state-way = 依次列单、复核、送签、签批、付款；每份清单只付一次。
error-advance-same-person = 经办、复核、签批、付款须由不同的人办理
error-advance-same-person-way = 您已办理过这份清单的另一步，请由他人办理。
error-advance-over-due = 借据 { $number } 的垫款 { $amount } 元超过该期应还 { $due } 元
error-advance-over-due-way = 复核前请改小或剔除；已签批的，付款时选择“超过应还的行不付”。
error-advance-changed = 借据 { $number } 的卡号、户名或还款日与清单不符
error-advance-changed-way = 由经办人修改该行，按最新资料更新后再复核；已复核的请作废重列。

event-advance-paid = 垫款已付
action-advance-list-draw = 列垫款清单
action-advance-list-check = 复核垫款清单
action-advance-list-approve = 签批垫款清单
action-advance-list-pay = 支付垫款
action-advance-draw = 列出垫款清单
action-advance-change = 修改垫款清单的一行
action-advance-check = 复核垫款清单
action-advance-submit = 垫款清单送签
action-advance-drop = 作废垫款清单
action-advance-pay = 支付垫款清单
action-advance-print = 打印垫款清单

api-field-advances-advance = 垫款清单键
api-field-advances-row = 清单中一行的键
api-field-advances-month = 还款日所在月份，YYYY-MM
api-field-advances-amount = 垫款金额（元）；0 为剔除
api-field-advances-payment-ref = 付款凭证号
api-field-advances-leave-out = on：超过应还的行不付，其余照付
