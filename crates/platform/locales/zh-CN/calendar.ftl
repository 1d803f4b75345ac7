### 工作日历与 LPR。

action-calendar-manage = 维护工作日历与 LPR

calendar-title = 工作日历
calendar-works = 工作日
calendar-rests = 非工作日
calendar-as-weekday = 按星期
calendar-missing = 缺 { $year } 年节假日表
calendar-missing-text = 还没有 { $year } 年的节假日表：该年只按周末计算，日期为暂定。国务院办公厅公布后请尽快导入。
calendar-covered = 已导入节假日表
calendar-uncovered = 未导入节假日表，只按周末计算
calendar-legend = 深色：放假；方框：周末调休上班；圈：营业日
calendar-years = 年度节假日表
calendar-file = 文件（CSV）
calendar-file-hint = 首行 date,kind,name；kind 为 holiday（放假）或 workday（调休上班）。文件中的每一年整年替换。
calendar-source = 来源（公布文件的名称与文号）
calendar-import = 导入节假日表
calendar-day = 日期
calendar-kind = 当天
calendar-name = 名称
calendar-set = 修改这一天
lpr-note = 公布之日起适用，年化 %
lpr-on = 公布日
lpr-one = 1年期
lpr-five = 5年期以上
lpr-file-hint = 首行 date,lpr1y,lpr5y，单位为年化 %
lpr-import = 导入 LPR

error-calendar-head = 首行必须是 { $expected }
error-calendar-line = 第 { $line } 行：“{ $found }”应为 { $expected } 这样的内容
error-calendar-twice = 第 { $line } 行：{ $date } 出现了两次
error-calendar-empty = 文件里没有日期
error-calendar-no-file = 请选择文件
