# 逾期风险评级

risk-title = 风险评级
risk-none = 尚未评级。
risk-on = 日期
risk-rating = 等级
risk-broken = 失约
risk-in-words = 评估意见
risk-words-hint = 等级由制度按时间、金额、能力与信用得出；此处写明变化、预计损失与建议措施。
risk-record = 评定风险
risk-save = 评定
risk-verb = 评定
error-risk-words-long = 评估意见最长 { $most } 个字，请精简。
action-risk-rate = 评定逾期客户风险
action-risk-rating-record = 评定逾期客户风险
api-field-collections-risk-words = 评估意见：变化、预计损失与建议措施
