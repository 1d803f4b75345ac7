# 逾期风险评级

risk-title = 风险评级
risk-none = 尚未评级。
risk-on = 日期
risk-rating = 等级
risk-broken = 失约
risk-in-words = 评估意见
risk-words-hint = 等级由制度按时间、金额、能力与信用得出；此处写明变化与建议措施，预期损失由系统计算。
risk-record = 评定风险
risk-save = 评定
risk-verb = 评定
error-risk-words-long = 评估意见最长 { $most } 个字，请精简。
action-risk-rate = 评定逾期客户风险
action-risk-rating-record = 评定逾期客户风险
api-field-collections-risk-words = 评估意见：变化与建议措施
risk-expected = 预期损失
risk-exposure = 风险敞口
risk-pd = 违约概率
risk-lgd = 违约损失率
risk-basis = 依据
risk-why = 预期损失如何得出
risk-why-note = 每笔逾期借据：风险敞口（未到期本金加全部逾期款）× 违约概率 × 违约损失率，四舍五入到分。
close-step-expected-losses = 预期损失监测
