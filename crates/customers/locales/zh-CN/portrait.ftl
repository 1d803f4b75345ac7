### 客户画像：经同意，按列明的资料细分。

portrait-title = 客户画像
portrait-note = 经客户同意，只用制度列明的资料；不用征信报告，撤回同意即停止
portrait-not-offered = 现行制度不制作客户画像。
portrait-no-consent = 客户没有同意制作画像。取得同意后在“往来”资料中登记，处理依据选“本人同意”。
portrait-record-consent = 登记同意
portrait-nothing = 列明的资料还没有登记，无法细分。
portrait-from = 所用资料
policy-column-life_cycle = 生命周期
policy-column-consumption_habit = 消费习惯
policy-column-risk_preference = 风险偏好
policy-column-portrait_segment = 客户细分
policy-column-portrait_service = 适合的服务
