### 财务贷后岗的日统计、还款受控、今日电话名单。

day-title = 贷后岗日统计
day-before = 前一日
day-today = 今天
day-line = 项目
day-count = 笔数
day-money = 金额
day-group-dunning = 催款组
day-group-details = 明细计算与录入组
day-group-settling = 结清与银行还款组
day-due = 当日到期
day-unpaid = 其中未还
day-overdue = 此前到期未还
day-cards = 查卡
day-cards-failed = 其中余额不足、失效、未查到
day-called = 电话联系逾期客户
day-reached = 其中接通
day-payouts = 放款
day-slips-entered = 录入放款回单
day-slips-checked = 复核放款回单
day-printed = 打印封装还款明细
day-sent = 寄出还款明细
day-returned = 未寄出或退回还款明细
day-cars = 登记提车
day-repaid = 收到还款
day-statements-made = 开具结清单
day-statements-signed = 签批结清单
day-advanced = 支付垫款

control-title = 还款受控
control-subtitle = 到期期次是否已还、已垫付、当日已跟进；逾期未还的每日电话
control-view-call = 今日电话名单
control-view-open = 未受控
control-view-followed = 当日已跟进
control-view-advanced = 已垫付
control-view-paid = 已还
control-view-all = 全部
control-state = 受控状态
control-paid = 已还
control-advanced = 已垫付
control-followed = 当日已跟进
control-open = 未受控
control-count = 期数
control-called-on = 最近电话
control-reached = 是否接通
control-reached-yes = 接通
control-reached-no = 未接通
control-none = 没有符合条件的期次
control-none-text = 换一个视图，或清除筛选条件。
control-share = 本月还款受控率
control-derivation = 受控率的计算
control-formula = 受控率 =（已还 + 已垫付 + 当日已跟进）的应还 { $held } ÷ 本月截至今日全部应还 { $all } = { $share }（{ $article }）。

error-day-to-come = { $text } 晚于营业日；请选今天或以前的日期。
