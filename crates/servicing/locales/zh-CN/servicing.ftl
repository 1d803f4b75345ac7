### 台账：列表、借据、还款、打印、日终、拒绝。

ledger-title = 贷款台账
as-of-business-date = 截至 { $on } 营业日
list-loans = { $count } 笔
ledger-find = 姓名 / 拼音 / 借据号 / 手机尾号
ledger-view-open = 全部在贷
ledger-view-overdue = 逾期
ledger-view-week = 七日内到期
ledger-view-npl = 不良
ledger-view-written-off = 核销跟踪
ledger-view-settled = 已结清
ledger-empty = 台账里还没有贷款
ledger-empty-text = 从“导入”读入现有的 Excel 台账，或新开一笔借据。
ledger-nothing-found = 没有符合条件的贷款
ledger-nothing-found-text = 去掉一个筛选条件再试。
loan-number = 借据号
loan-customer = 客户
loan-identity = 证件号
loan-product = 产品
loan-security = 担保
loan-balance = 本金余额
loan-overdue-money = 逾期本息罚
loan-days = 逾期天数
loan-class = 五级分类
loan-bucket = 账龄
loan-rate = 年化 %
loan-oldest-due = 最早欠期
loan-next-due = 下期还款日
loan-next-due-money = 下期应还
loan-maturity = 到期日
loan-start = 放款日
loan-status = 状态
loan-manager = 客户经理
loan-principal = 贷款本金
loan-overdue-principal = 逾期本金
loan-overdue-interest = 逾期利息
loan-penalty = 未收罚息
loan-overdue-total = 逾期合计
loan-next-on = 下期 { $on }
loan-purpose = 用途
loan-non-accrual = 非应计，自 { $on }
loan-provisional = 日期或利率暂定
loan-note = { $method } { $count } 期 · 年化 { $rate }%（单利）
loan-note-field = 备注
loan-change = 变更
loan-tab-schedule = 还款计划
loan-tab-transactions = 交易
loan-tab-terms = 合同与担保
loan-tab-history = 分类与余额历史
security-credit = 信用
security-guarantee = 保证
security-mortgage = 抵押
security-pledge = 质押
security-mixed = 组合
security-kind-joint = 连带责任保证
security-kind-general = 一般保证
security-kind-mortgage = 抵押
security-kind-pledge = 质押
security-head-kind = 方式
security-head-who = 担保人 / 物
security-head-amount = 金额
security-head-since = 起始
security-none = 信用贷款，无保证人、抵押物或质押物。
standing-undrawn = 未放款
standing-current = 正常
standing-overdue = 逾期
standing-settled = 已结清
standing-written-off-tracked = 已核销，跟踪中
class-unclassified = 未分类
bucket-current = 未逾期
bucket-d1-30 = 1–30 天
bucket-d31-60 = 31–60 天
bucket-d61-90 = 61–90 天
bucket-d91-up = 91 天及以上
method-equal-instalment = 等额本息
method-equal-principal = 等额本金
method-interest-only = 先息后本
method-bullet = 利随本清
method-flat = 等本等息
method-balloon = 气球贷
method-custom = 自定义计划
schedule-no = 期
schedule-due-on = 到期日
schedule-principal = 应还本金
schedule-interest = 应还利息
schedule-penalty = 应收罚息
schedule-total = 应还合计
schedule-paid = 已还
schedule-waived = 减免
schedule-open = 未还
schedule-state = 状态
schedule-count = 合计 { $count } 期
schedule-moved = 原 { $on } 顺延
schedule-provisional = 暂定
instalment-cleared = 已结清
instalment-overdue = 逾期 { $days } 天
instalment-today = 今日到期
instalment-to-come = 未到期
transactions-latest = 最近交易
transaction-on = 生效日
transaction-kind = 类型
transaction-number = 流水号
transaction-amount = 金额
transaction-split = 冲抵
transaction-recorded = 登记时间
transaction-verb = 凭证
transaction-state = 状态
transaction-reversed = 已被 { $by } 冲正
transaction-title = 交易 { $number }
kind-disburse = 放款
kind-repay = 还款
kind-charge = 收费
kind-waive = 减免
kind-change-rate = 调整利率
kind-extend = 展期
kind-restructure = 重组
kind-suspend = 停息
kind-misuse = 挪用标记
kind-accelerate = 提前到期
kind-write-off = 核销
kind-recover = 核销后收回
kind-reverse = 冲正
head-cost = 实现债权费用
head-fee = 费用
head-penalty = 罚息
head-compound = 复利
head-interest = 利息
head-principal = 本金
head-credit = 预存
terms-method = 还款方式
terms-rate-fixed = 固定利率
terms-rate-lpr = LPR 加 { $bp } 个基点
terms-days = { $count } 天
terms-day-count = 计息基础
terms-penalty = 罚息
terms-compound = 复利
terms-grace = 宽限天数
terms-rest-days = 节假日
rest-days-kept = 不顺延
rest-days-forward = 顺延，不计息
rest-days-forward-with-interest = 顺延并计息
yes = 是
no = 否
total = 合计
yuan = 元
history-from = 起
history-to = 止
history-known = 得知时间
history-balance = 本金余额
history-overdue = 逾期本息
history-days = 逾期
history-class = 分类
history-now = 至今
why-overdue = 为什么：逾期合计
why-principal = 为什么：本金余额
why-penalty = 为什么：未收罚息
why-penalty-of = 为什么：第 { $no } 期罚息
why-interest-of = 为什么：第 { $no } 期利息
why-class = 为什么：五级分类
why-subtitle = { $number } · 业务日 { $on } · 所知至 { $known }
known-now = 此刻
why-result = 结果
why-fact-drawn = 累计放款
why-fact-due = 第 { $no } 期应还本息，{ $on } 到期
why-fact-paid = { $on } 还款冲抵{ $what }
why-step = 第 { $no } 期{ $head } { $from } → { $to }
why-step-days = ，{ $days } 天
why-pack = 策略包 { $title } { $version } · 指纹 { $print }
why-decision-asset-class = 按逾期天数的五级分类
why-decision-overdue-bucket = 按逾期天数的账龄
repayment-record = 登记还款
repayment-title = 登记还款 · { $number }
repayment-amount = 金额（元）
repayment-amount-next = 今日无应收；下期 { $on } 应还 { $amount } 元。
repayment-on = 还款日
repayment-mode = 还款类型
repayment-channel = 渠道
repayment-owed = 今日应收
mode-regular = 正常还款
mode-reduce = 提前还款，减少月供
mode-shorten = 提前还款，缩短期限
mode-settle = 提前结清
channel-bank-transfer = 银行转账
channel-direct-debit = 银行代扣
channel-cash = 现金
channel-payment-provider = 第三方支付
channel-book = 转账调整
owed-head = 款项
owed-overdue = 逾期
owed-due = 已到期
owed-all = 全部欠款
back-to-loan = 返回借据
reversal-open = 冲正这笔交易
reversal-reason = 冲正原因
quote-title = 结清试算
quote-on = 结清日
quote-compute = 试算
quote-amount = 应付
quote-settle = 按此金额登记结清
print-schedule = 打印还款计划
print-statement = 打印对账单
print-receipt = 打印回单
print-rest-day = 休息日
print-instalment = 第 { $no } 期
print-schedule-note = 提前、逾期或部分还款后，以重新打印的还款计划为准。
action-loan-view = 查看贷款
action-loan-export = 导出贷款
action-loan-open = 登记借款
action-loan-disburse = 放款
action-loan-repay = 登记还款
action-loan-edit = 维护贷款
close-step-positions = 应收、逾期、账龄、分类、任务
close-step-totals = 日终汇总
close-proof-loans-accounted = 已日终 + 隔离 = 全部借据
close-proof-schedule-sums = 还款计划未还本金 = 本金余额
close-proof-positions-replayed = 余额 = 交易重放
close-proof-totals-foot = 日终汇总 = 各笔之和
close-proof-history-agrees = 现时余额 = 历史在新营业日
error-loan-not-found = 没有这笔借据：{ $number }，或不在您的权限范围内。
error-loan-not-found-way = 请核对借据号，或从台账里查找。
error-loan-changed = 这笔借据刚被别人改过，您看到的已不是最新，本次没有登记。
error-loan-changed-way = 请返回借据，看过最新情况后重新登记。
error-after-business-date = { $on } 晚于营业日 { $business_date }，还没有发生。请填不晚于营业日的日期。
error-amount-not-positive = 金额应大于零，填的是 { $amount }。
error-amount-unreadable = 看不懂金额“{ $text }”。请填元，最多两位小数，例如 8,884.88。
error-date-unreadable = 看不懂日期“{ $text }”。请写成 2026-11-20。
error-moment-unreadable = 看不懂时间“{ $text }”。请写成 2026-11-20 16:30。
error-choice-unknown = 没有“{ $text }”这个选项。请从列表中选。
error-reason-missing = 请写明原因，它会留在审计记录里。
error-loan-settled = 借据 { $number } 已结清，不再收款。
error-loan-settled-way = 如果钱确实到账，请核对是否属于另一笔借据。
error-loan-written-off = 借据 { $number } 已核销。
error-loan-not-written-off = 借据 { $number } 没有核销。
error-transaction-not-found = 没有这笔交易：{ $number }。
error-receipt-reversed = { $number } 已被 { $by } 冲正，没有回单；先前打印的作废。
error-already-reversed = { $number } 已被 { $by } 冲正，不能再冲一次。
error-not-reversible = 这种交易（{ $kind }）不能直接冲正。
error-not-reversible-way = 经审批的事项，请再提交一项审批来更正。
error-more-than-owed = { $amount } 超过所欠的 { $owed }。
error-write-off-not-met = 借据 { $number } 逾期 { $days } 天，{ $class ->
    [normal] 正常类
    [special_mention] 关注类
    [substandard] 次级类
    [doubtful] 可疑类
    [loss] 损失类
   *[other] 未分类
}，不符合核销条件：不低于{ $needed ->
    [normal] 正常类
    [special_mention] 关注类
    [substandard] 次级类
    [doubtful] 可疑类
   *[other] 损失类
}，且逾期不少于 { $needed_days } 天。
error-product-unknown = 现行策略包没有产品 { $product }。
error-no-such-figure = 没有“{ $what }”这个数字的推导。
error-print-no-cjk-font = 没有找到中文字体，无法打印。
error-print-no-cjk-font-way = 请管理员安装字体，例如 apt-get install fonts-noto-cjk，无须重启。
error-terms-principal-not-positive = 本金应大于零。
isolated-terms-principal-not-positive = 本金应大于零。
error-terms-amount-too-large = 金额超出可计算的范围，请核对单位是元还是万元。
isolated-terms-amount-too-large = 金额超出可计算的范围，请核对单位是元还是万元。
error-terms-amount-negative = 金额不能为负。
isolated-terms-amount-negative = 金额不能为负。
error-terms-no-term = 请填期数或到期日。
isolated-terms-no-term = 请填期数或到期日。
error-terms-no-periods = 期数至少为 1。
isolated-terms-no-periods = 期数至少为 1。
error-terms-too-many-periods = 期数超过 1,000 期的上限，请核对。
isolated-terms-too-many-periods = 期数超过 1,000 期的上限，请核对。
error-terms-maturity-not-after-start = 到期日应晚于起息日。
isolated-terms-maturity-not-after-start = 到期日应晚于起息日。
error-terms-dates-not-ascending = 还款日应依次递增。
isolated-terms-dates-not-ascending = 还款日应依次递增。
error-terms-date-out-of-range = 日期超出可计算的范围。
isolated-terms-date-out-of-range = 日期超出可计算的范围。
error-terms-bad-frequency = 还款频率不合理。
isolated-terms-bad-frequency = 还款频率不合理。
error-terms-bad-repayment-day = 还款日应为 1 至 31。
isolated-terms-bad-repayment-day = 还款日应为 1 至 31。
error-terms-day-needs-months = 固定还款日只用于按月、季、年还款。
isolated-terms-day-needs-months = 固定还款日只用于按月、季、年还款。
error-terms-rate-out-of-range = 利率超出合理范围，请核对是年利率还是月利率。
isolated-terms-rate-out-of-range = 利率超出合理范围，请核对是年利率还是月利率。
error-terms-lpr-missing = 缺少该日的 LPR，请先在“日历与利率”中导入。
isolated-terms-lpr-missing = 缺少该日的 LPR，请先在“日历与利率”中导入。
error-terms-sum-mismatch = 各期（或首付、尾款）本金为 { $sum } 元，与借款本金 { $principal } 元不符。
isolated-terms-sum-mismatch = 分项之和与总额不符。
error-terms-drawdown-outside-term = 提款日不在借款期内。
isolated-terms-drawdown-outside-term = 提款日不在借款期内。
error-terms-grace-too-long = 宽限期长于借款期。
isolated-terms-grace-too-long = 宽限期长于借款期。
error-terms-out-of-range = 有一项参数超出范围。
isolated-terms-out-of-range = 有一项参数超出范围。
error-terms-overflow = 金额超出可计算的范围。
isolated-terms-overflow = 金额超出可计算的范围。
error-replay-duplicate-id = 交易编号重复。
isolated-replay-duplicate-id = 交易编号重复。
error-replay-bad-amount = 交易金额不合理。
isolated-replay-bad-amount = 交易金额不合理。
error-replay-before-start = 日期早于放款日，请核对日期或借据号。
isolated-replay-before-start = 日期早于放款日，请核对日期或借据号。
error-replay-over-drawn = 提款超过合同金额。
isolated-replay-over-drawn = 提款超过合同金额。
error-replay-drawn-after-maturity = 到期后不能提款。
isolated-replay-drawn-after-maturity = 到期后不能提款。
error-replay-nothing-to-reverse = 没有可冲正的交易。
isolated-replay-nothing-to-reverse = 没有可冲正的交易。
error-replay-already-reversed = 该交易已被冲正。
isolated-replay-already-reversed = 该交易已被冲正。
error-replay-allocation-too-large = 指定冲抵的金额超过还款金额。
isolated-replay-allocation-too-large = 指定冲抵的金额超过还款金额。
error-replay-not-owed = 指定冲抵的款项没有欠这么多。
isolated-replay-not-owed = 指定冲抵的款项没有欠这么多。
error-replay-does-not-settle = 这个金额不足以结清，请用结清试算的金额，或改为部分提前还款。
isolated-replay-does-not-settle = 这个金额不足以结清，请用结清试算的金额，或改为部分提前还款。
error-replay-waives-too-much = 减免超过所欠金额。
isolated-replay-waives-too-much = 减免超过所欠金额。
error-replay-not-a-charge = 只有费用可以这样登记。
isolated-replay-not-a-charge = 只有费用可以这样登记。
error-replay-wrong-state = 借据当前状态不允许这样做。
isolated-replay-wrong-state = 借据当前状态不允许这样做。
error-replay-not-later = 新的到期日应晚于现在的到期日。
isolated-replay-not-later = 新的到期日应晚于现在的到期日。
home-overdue-rate = 逾期本息占在贷余额
home-overdue-note = 逾期 { $overdue } / 在贷 { $balance } 元
print-rounded-later = 并入下行
print-rounding-half-up = 四舍五入
print-rounding-half-even = 四舍六入五成双
print-rounding-half-down = 五舍六入
print-rounding-up = 进位
print-rounding-down = 舍去
print-rounding-ceiling = 向上取整
print-rounding-floor = 向下取整
error-loan-changed-by =
    您打开之后，{ $who } 于 { $at } 登记了{ $kind ->
        [disburse] { kind-disburse }
        [charge] { kind-charge }
        [waive] { kind-waive }
        [change_rate] { kind-change-rate }
        [extend] { kind-extend }
        [restructure] { kind-restructure }
        [suspend] { kind-suspend }
        [misuse] { kind-misuse }
        [accelerate] { kind-accelerate }
        [write_off] { kind-write-off }
        [recover] { kind-recover }
        [reverse] { kind-reverse }
       *[repay] { kind-repay }
    } { $amount } 元（流水 { $transaction }），本次没有登记。{ $others ->
        [0] {""}
       *[other] 另有 { $others } 笔变动。
    }
error-loan-changed-by-way = 请返回借据，看过最新情况后重新登记。
