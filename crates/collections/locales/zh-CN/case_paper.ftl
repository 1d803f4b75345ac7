# 案件文书

case-paper-title = 计划、意见与纪要
case-paper-plan = 清收计划
case-paper-opinion = 法律意见
case-paper-minutes = 管理小组纪要
case-paper-until = 期限 { $on }
case-paper-person = 责任人
case-paper-due = 期限
case-paper-words-plan = 计划内容：措施与步骤
case-paper-words-opinion = 意见及依据
case-paper-words-minutes = 参加人与议定事项
case-paper-save = 登记
action-case-paper = 登记了案件的计划、意见或纪要
api-field-collections-paper-person = 计划责任人的人员键
api-field-collections-paper-due = 期限日期
api-field-collections-paper-words = 文书内容
error-case-paper-past = 期限已过，请选择 { $on } 或之后的日期。
