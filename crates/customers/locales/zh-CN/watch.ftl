### 关注名单。

watch-title = 关注名单
watch-note = 列入、复核与移出都留痕；在客户出现的各处以标记显示
watch-none = 不在任何关注名单上。出现涉诉、负面信息等情形时列入，并定期复核。
watch-new = 列入名单
watch-new-note = 名单与复核周期由制度规定。列入后客户页、客户列表和借据页显示标记。
watch-list = 名单
watch-reason = 原因
watch-from = 自
watch-until = 至
watch-until-hint = 不填则直至移出。
watch-stands = 关注中
watch-over = 已结束
watch-review-by = { $date } 前复核
watch-steps = 复核与处理
watch-step-kept = 复核，继续关注
watch-step-ended = 移出
watch-review = 复核
watch-review-hint = 写明核查了什么、结论如何；登记后继续关注，下次复核日顺延。
watch-end = 移出名单
watch-end-hint = 写明移出的依据，例如案件已撤诉。
watch-review-verb = 复核名单

error-watch-already = 客户已在这个名单上，请在原记录上复核
error-watch-until-past = 截止日不能早于今日和起始日

action-watch-enter = 列入关注名单
action-watch-review = 复核关注名单
action-watch-end = 移出关注名单
timeline-watch-enter = 列入关注名单
timeline-watch-review = 复核关注名单
timeline-watch-end = 移出关注名单
api-field-customers-list = 名单
api-field-customers-from = 起始日期
api-field-customers-until = 截止日期
api-field-customers-entry = 关注记录的键
api-field-customers-step = 处理：kept 继续关注、ended 移出
