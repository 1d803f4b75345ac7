### 员工考试。

exam-title = 员工考试
exam-subtitle = 员工业务考试：单项选择，每题分值相同；题数、分值与合格分由制度规定
exam-count = { $count } 次考试
exam-none = 没有考试记录
exam-none-text = 员工考试由人力资源在此登记。
exam-view-all = 全部
exam-view-passed = 合格
exam-view-failed = 不合格
exam-new = 登记考试
exam-correct = 更正考试
exam-person = 考生
exam-name = 考试
exam-held-on = 考试日期
exam-right = 答对题数
exam-right-hint = 共 { $questions } 题，每题 { $each } 分，满分 { $most } 分；{ $pass } 分及以上为合格。
exam-points = 得分
exam-most = 满分
exam-result = 结果
exam-passed = 合格
exam-failed = 不合格
exam-note = 说明
exam-reason = 更正原因

error-exam-right = 请填写0至{ $most }的整数。
error-exam-future = 考试日期不能晚于今天。
error-exam-not-found = 没有这条考试记录
error-exam-not-found-way = 请从列表中选择。
error-exam-own = 不得登记本人的考试成绩
error-exam-own-way = 请由他人登记。
error-exam-corrected = 这条考试记录已更正
error-exam-corrected-way = 请更正替代它的记录。

action-exam-view = 查看员工考试
action-exam-record = 登记与更正员工考试
action-exam-correct = 更正员工考试

api-field-exams-exam = 考试记录键
api-field-exams-person = 考生（用户键）
api-field-exams-title = 考试名称
api-field-exams-held-on = 考试日期
api-field-exams-right = 答对题数
api-field-exams-note = 说明；更正时填写原因
