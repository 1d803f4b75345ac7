### 制度对比与未命中行。

compare-loans = 笔借据
compare-npl = 不良余额
compare-provision = 应提专项准备
compare-contacts-weekly = 按周催收（次/月）
compare-contacts-daily = 按日催收（次/月）
