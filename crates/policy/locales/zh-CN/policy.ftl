### 决策被拒的原因，以及策略包的问题（前面另列位置）。

error-no-working-day = 日历在 { $around } 前后一年内没有工作日，请检查节假日设置。
error-date-out-of-range = 自 { $from } 起 { $days } 天的日期超出范围，请检查规则。
error-number-used-up = 编号规则 { $rule } 在 { $sequence } 号用尽，请在策略包中加宽号段。
error-number-code-width = 代码 { $code } 超出编号规则 { $rule } 的 { $width } 位，请缩短代码或加宽号段。
error-unknown-parameter = 该日期的制度没有参数 { $name }，请在策略包中补充。
error-wrong-parameter-type = 参数 { $name } 为 { $found }，此处需要 { $expected }，请更正策略包。
error-unknown-decision = 没有决策 { $decision }，请检查名称或策略包。
error-no-rule = { $on } 没有生效的 { $decision } 规则，请由人工认定或另选日期。
error-missing-fact = { $decision } 缺少事实 { $fact }，请先登记。
error-wrong-fact = { $decision }：{ $fact } 应为 { $expected }，现为 { $found }，请更正登记。
error-no-row = { $decision } 没有适用于本情形的规则行，请补全决策表。
error-formula = { $decision }：{ $formula } 无法计算（{ $detail }），请更正登记或公式。
error-empty-fields = 文书 { $template } 不能发出：{ $fields } 为空，请先填写。

problem-missing-file = 缺少该文件。
problem-bad-csv = 无法读取 CSV：{ $detail }
problem-missing-column = 缺少列 { $name }。
problem-unknown-column = 不认识列 { $name }。
problem-unknown-line = 不认识表头行 { $name }。
problem-missing-line = 缺少行 { $name }。
problem-empty-cell = { $name } 的单元格为空；任意值请写 -。
problem-duplicate = { $name } 重复。
problem-unknown-fact = 没有事实 { $name }，是否指 { $nearest }？
problem-unknown-parameter = 没有参数 { $name }，是否指 { $nearest }？
problem-unknown-reference = 没有 { $what } { $name }。
problem-wrong-type = 此处应为 { $expected }，现为 { $found }。
problem-not-allowed = { $found } 不在允许范围 { $allowed } 内。
problem-floating-point = { $found } 带小数，请按单位写整数。
problem-unreadable = 无法理解 { $found }：{ $detail }
problem-gap = { $decision } 没有覆盖 { $inputs } 的行，请补充。
problem-overlap = 本行与第 { $other_row } 行同时覆盖 { $inputs }，请收窄其一。
problem-unreachable = 本行永远不会生效（被第 { $covered_by } 行覆盖），请上移、收窄或删除。
problem-missing-article = 缺少条款，请注明本行出处。
problem-unknown-article = 条款 { $name } 不在登记簿中，请在 articles.csv 中补充。
problem-bad-period = { $name } 的有效期 { $period } 与其他行重叠，或止早于起。
problem-looser-than-law = { $name } = { $value } 比法律底线宽松：{ $direction } { $law }（{ $article }，{ $on }），请收紧。
problem-not-overridable = { $name } 由法律规定为 { $law }（{ $article }），不得改为 { $value }，请删除该行。
problem-floor-order = 输出 { $name } 的顺序必须与法律层一致：{ $law }。
problem-missing-field = 文书中缺少必备字段 { $name }。
