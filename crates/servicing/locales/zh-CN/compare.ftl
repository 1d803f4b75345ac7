### 制度对比与未命中行。

compare-loans = 笔借据
compare-npl = 不良余额
compare-provision = 应提专项准备
compare-contacts-weekly = 按周催收（次/月）
compare-contacts-daily = 按日催收（次/月）
why-missed = 最接近的未命中行：第 { $row } 行
why-missed-cell = { $fact } 为 { $value }，该行要求 { $cell }
