### 监督：经营驾驶舱、迁徙矩阵、明细。

action-dashboard-view = 查看经营驾驶舱

dashboard-title = 经营驾驶舱
dashboard-unit = 单位：{ $unit }，每格每柱可点到明细
dashboard-export = 导出
dashboard-table = 表格
dashboard-later = 正在统计……
as-of = 截至 { $on }
as-of-known = 截至 { $on }，按 { $known } 所知

unit-loans = 笔
count-loans = { $count } 笔
count-items = { $count } 笔

dashboard-book = 贷款余额
dashboard-book-note = { $count }，较 { $on } { $change }
dashboard-overdue-rate = 逾期率
dashboard-npl-ratio = 不良率
dashboard-collected-month = 本月已收
dashboard-due-today = 今日到期
dashboard-due-week = 本周到期
dashboard-due-note = { $count } 期，已收 { $paid }（{ $share }%）
dashboard-due-unknown = 还款计划只按现在所知保存
dashboard-new-overdue-today = 今日新增逾期
dashboard-new-overdue-week = 本周新增逾期
dashboard-overdue-note = 逾期本息 { $sum } 万元
change-worse = ↑ +{ $points } 点 转差，较 { $on }
change-better = ↓ −{ $points } 点 转好，较 { $on }
change-none = 与 { $on } 持平

picture-class = 五级分类
picture-class-note = 余额与笔数，{ $unit }，截至 { $on }
picture-bucket = 逾期账龄
picture-bucket-note = 余额与笔数，{ $unit }，截至 { $on }
picture-aging = 账龄变化
picture-aging-note = 近 12 个月末与当日的逾期余额，{ $unit }，截至 { $on }
picture-new-overdue = 新增逾期
picture-new-overdue-note = 近 30 天每日笔数，截至 { $on }
picture-collected = 回收
picture-collected-note = 近 12 个月每月收到的款项，{ $unit }，截至 { $on }
picture-maturing = 到期分布
picture-maturing-note = 今后各月到期贷款的余额，{ $unit }，截至 { $on }

grid-class = 分类
grid-bucket = 账龄
grid-loans = 笔数
grid-items = 笔数
grid-balance = 余额
grid-share = 占比 %
grid-total = 合计
grid-day = 日期
grid-month = 月份
grid-overdue-sum = 逾期本息
grid-received = 收到款项

grade-unclassified = 未分类

migration-title = 迁徙矩阵
migration-class = 五级分类迁徙
migration-bucket = 逾期账龄迁徙
migration-legend = ▼ 向下迁徙　▲ 向上迁徙
migration-from = 对比
migration-corner = { $from } ↓　{ $to } →
migration-back = 收回
migration-settled = 结清
migration-off = 核销
migration-opening = 期初合计
migration-fresh = 本期新增
migration-closing = 期末合计
migration-show-money = 余额
migration-show-loans = 笔数
migration-equation = 期初 { $opening } + 新增 { $fresh } − 收回 { $back } − 核销 { $off } = { $closing }

rows-list = 指标明细
rows-title = 明细：{ $of }
rows-of = 口径
rows-of-book = 在账贷款
rows-of-due = 到期应还
rows-of-new-overdue = 新增逾期
rows-of-collected = 收到款项
rows-of-maturing = 到期贷款
rows-of-moved = 两期之间的去向
rows-of-fresh = 本期新增
rows-number = 借据号
rows-customer = 客户
rows-maturity = 到期日
rows-due-on = 应还日
rows-overdue-since = 转逾期日
rows-paid-on = 收款日
rows-start = 起息日
rows-balance = 余额
rows-due = 应还本息
rows-paid = 已还
rows-overdue-sum = 逾期本息
rows-received = 收到款项
rows-opening = 期初余额
rows-closing = 期末余额
rows-days = 逾期天数
rows-class = 分类
rows-bucket = 账龄
rows-on = 日期
rows-since = 对比日期
rows-before-bucket = 期初账龄
rows-before-class = 期初分类
rows-overdue = 逾期
rows-overdue-yes = 只看逾期
rows-end = 期末去向
rows-end-open = 仍在账
rows-end-settled = 结清
rows-end-written-off = 核销

why-title = 为什么：{ $what }
why-book = 贷款余额
why-book-rule = 未结清、未核销的借据本金余额之和。
why-overdue-rate = 逾期率
why-overdue-part = 逾期 1 天以上的贷款余额
why-overdue-rule = 逾期率 = 逾期 1 天以上贷款的本金余额 ÷ 全部贷款余额。
why-npl-ratio = 不良率
why-npl-rule = 不良率 =（次级 + 可疑 + 损失）÷ 全部贷款余额。
why-npl-classes = 合称不良的分类
why-npl-no-rule = 这一天没有生效的不良认定规则，因此不计算。
why-collected = 本月已收
why-collected-fact = { $from } 至 { $to } 的还款与核销后收回
why-collected-rule = 还款与核销后收回的金额之和；已冲正的不计。
why-new-overdue = 新增逾期
why-new-overdue-rule = 前一天未逾期、当天转为逾期的借据；到期日次日为逾期第 1 天。
why-share-step = 分子 ÷ 分母
why-share-result = 四舍五入到 0.01%

error-standpoint-date = “{ $typed }”不是日期。请按 年-月-日 填写，如 2026-10-31。
error-standpoint-moment = “{ $typed }”不是时刻。请按 年-月-日 时:分 填写，如 2026-11-02 09:00。
error-standpoint-future = { $on } 在营业日 { $today } 之后，还没有账。请选营业日或更早的日期。
error-standpoint-unknown = { $known } 时还没有人知道 { $on } 的账。请把“按当时所知”改到 { $on } 或以后。
error-standpoint-order = 对比日期 { $from } 必须早于截至日期 { $to }。请选更早的对比日期。
error-dashboard-table = 没有“{ $table }”这张表。请从页面上的“导出”进入。
