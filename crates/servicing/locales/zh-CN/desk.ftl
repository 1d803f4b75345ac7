### 车贷贷后岗：查卡、客户信息、寄送、结清单。

card-title = 查卡清单
card-subtitle = 到期未还的期次与扣款卡；每日查询，登记银行答复
card-view-todo = 今日待查
card-view-failed = 扣款有问题
card-view-all = 全部
card-number = 扣款卡
card-lacking = 未登记
card-result-title = 查卡结果
card-result-enough = 余额足
card-result-short = 余额不足
card-result-invalid = 卡片失效
card-result-unreached = 未查到
card-checked-on = 查询日期
card-checked-by = 查询人
card-note = 说明
card-note-hint = 银行的答复，或未查到的原因；不要写完整卡号。
card-none-found = 没有待查的卡
card-none-text = 到期未还的期次今天都已查询。
card-new = 登记查卡结果
card-record = 登记
card-short = 查卡
card-check-verb = 查卡
batch-card-check = 登记查卡结果

information-title = 客户信息表
information-subtitle = 扣款卡、车型、提车日期、变更电话与还款明细寄送
information-view-unsent = 明细未寄出
information-view-handed = 客服待寄
information-view-sent = 已寄出
information-view-no-car = 未登记提车
information-view-all = 全部
information-phone-changed = 最近换号
information-none = 没有符合条件的借据
information-none-text = 换一个视图，或清除筛选条件。
mailing-step-title = 还款明细
mailing-step-none = 未打印
mailing-step-printed = 已打印封装
mailing-step-handed = 已交客服
mailing-step-sent = 已寄出
mailing-step-returned = 未寄出或退回
mailing-step-on = 步骤日期
mailing-note = 寄送说明
mailing-note-hint = 寄出写明快递单号或寄送方式，未寄出写明原因。
mailing-prepare = 打印、移交还款明细
mailing-dispatch = 寄送还款明细
mailing-verb = 打印移交
batch-mailing-printed = 已打印封装
batch-mailing-handed = 移交客服
batch-mailing-sent = 登记寄出
vehicle-record = 登记提车
vehicle-short = 提车登记
vehicle-model = 车型
vehicle-picked-up-on = 提车日期

settlement-title = 结清单
settlement-short = 结清单
settlement-new = 开具结清单
settlement-request = 开具并送签
settlement-hint = 金额与费用按结清试算计算，送领导签批；借据由随后的还款结清。
settlement-heading = 结清单 { $number }
settlement-number = 结清单编号
settlement-state = 状态
settlement-state-submitted = 待签批
settlement-state-signed = 已签批
settlement-state-refused = 未通过
settlement-made-by = 经办人
settlement-made-on = 开具日期
settlement-signed-by = 签批人
settlement-signed-on = 签批日期
settlement-lines = 应还各项
settlement-credit = 余款抵用
settlement-charge-said = 费用中含提前还款手续费 { $amount }。
settlement-contract = 合同号
settlement-total = 结清金额
settlement-print = 打印结清单
approval-settlement-statement = 结清单
material-settlement-page = 结清单
material-settles-on = 结清日
material-charge-fen = 提前还款手续费
desk-signature = { $post }：{ $name }

error-card-nothing-due = 借据 { $number } 没有到期未还的款项
error-card-nothing-due-way = 到期日及其后仍有未还时才查卡；请核对借据号。
error-card-none = 借据 { $number } 的客户没有登记扣款卡
error-card-none-way = 先在客户页登记用途为还款的银行账户，再办理。
error-mailing-step = 借据 { $number } 的还款明细当前为 { $at ->
        [none] 未打印
        [printed] 已打印封装
        [handed] 已交客服
        [sent] 已寄出
       *[returned] 未寄出或退回
    }，不能登记为 { $to ->
        [printed] 已打印封装
        [handed] 已交客服
        [sent] 已寄出
       *[returned] 未寄出或退回
    }
error-mailing-step-way = 依次打印封装、移交客服、寄出；退回的可再次移交，计划变更后重新打印。
error-mailing-own = 移交人不得自行登记寄送结果
error-mailing-own-way = 请由客服另一人登记。
error-picked-up-later = 提车日期 { $on } 晚于营业日 { $today }；提车后再登记。
error-settlement-past = 结清日 { $on } 早于借据最后一笔记账日（{ $last }）；请选该日或以后的日期。
error-settlement-changed = 结清金额已由 { $then } 元变为 { $now } 元，或结清日之后借据又有记账
error-settlement-changed-way = 退回或不予通过，由经办人重新开具。
error-settlement-unsigned = 借据 { $number } 提前结清须先有签批的结清单；{ $on } 没有已签批的结清单，请先在借据页开具并送签。
error-settlement-unsigned-way = 在借据页开具当日的结清单，签批后再登记还款。
error-settlement-other = 借据 { $number } 已签批的结清单为 { $stated } 元，这笔还款结清 { $settles } 元；请按结清单金额登记，或重新开具。
error-settlement-other-way = 按结清单的金额登记；借据有变动的，重新开具结清单并签批。
error-settlement-not-found = 没有这份结清单，或不在您的数据范围内
error-settlement-not-found-way = 请核对编号；需要时请主管调整数据范围。
error-settlement-state = 该借据已有一份待签批的结清单
error-settlement-state-way = 先由领导签批或不予通过，再开具新的一份。

action-desk-view = 查看贷后岗清单
action-desk-record = 登记查卡、提车与明细移交
action-mailing-send = 登记还款明细寄送
action-settlement-statement-request = 开具结清单
action-settlement-statement-approve = 签批结清单
action-card-check = 登记查卡结果
action-mailing-step = 登记还款明细寄送步骤
action-vehicle-record = 登记提车
action-settlement-request = 开具结清单
action-settlement-print = 打印结清单

api-field-mailing-step = 步骤：打印移交时为 printed 或 handed，寄送时为 sent 或 returned
api-field-model = 车型
api-field-picked-up-on = 提车日期，YYYY-MM-DD
api-field-card-result = 查卡结果：enough、short、invalid 或 unreached
api-field-settlements-statement = 结清单键
