### 分类认定：按机构初分、审核、审定，按目标出具报告。

classification-title = 分类认定
classification-subtitle = 至少每季一次：分类岗初分，另一人审核，审批人审定；不得优于按逾期天数的底线
classification-view-open = 办理中
classification-view-approved = 已审定
classification-view-ended = 未通过与作废
classification-view-all = 全部
classification-count = { $count } 次认定
classification-none = 没有分类认定
classification-none-text = 由分类岗按机构发起；基准日为当日。
classification-one = 贷款风险分类认定
classification-number = 认定编号
classification-branch = 机构
classification-as-of = 基准日
classification-former-as-of = 上期基准日
classification-loans = 笔数
classification-state = 状态
classification-state-drawn = 初分中
classification-state-proposed = 待审核
classification-state-submitted = 审定中
classification-state-approved = 已审定
classification-state-refused = 未通过
classification-state-dropped = 已作废
classification-maker = 初分人
classification-reviewer = 审核人
classification-proposed-on = 初分日期
classification-reviewed-on = 审核日期
classification-approved-on = 审定日期
classification-review-note = 审核意见
classification-note = 说明
classification-open-approval = 查看审批
classification-new = 发起分类认定
classification-new-hint = 列出该机构当日有本金余额的全部借据及其按逾期天数的分类；一机构同时只办一次。
classification-draw = 发起
classification-propose = 提交初分
classification-propose-hint = 逐项写明分类的各项目标：真实价值与风险、发放、管理、收回中的问题、准备金是否充足；报告列出各项数字。
classification-review = 审核
classification-review-hint = 不同意的分类先在逐笔认定中改定；审核后送审定，审核人不参加审定。
classification-drop = 作废
classification-drop-hint = 审核前可作废，作废后可重新发起。
classification-judge = 初分
classification-rejudge = 审核改定
classification-suggest = 提出分类建议
classification-class = 认定分类
classification-class-hint = 不得优于按逾期天数的“{ $least }”。
classification-former = 上期分类
classification-system = 系统分类
classification-standing = 原分类
classification-initial = 初分分类
classification-initial-reason = 初分理由
classification-review-reason = 审核理由
classification-reason = 理由
classification-suggestions = 其他岗位的建议
classification-suggested-by = 建议人
classification-on = 日期
classification-new-loan = 本期新增
classification-items-title = 逐笔认定
classification-items-subtitle = 默认列出办理中的认定里与系统分类或初分不同的借据；按认定编号可查往期
classification-items-differing = 有差异
classification-items-all = 全部
classification-items-count = { $count } 笔借据
classification-items-none = 没有符合条件的借据
classification-items-none-text = 切换到“全部”，或填写认定编号查看往期。
classification-by-class = 分类汇总
classification-moves = 与上期相比的迁徙
classification-share = 占比
classification-former-loans = 上期笔数
classification-former-balance = 上期余额
classification-rate = 专项准备率
classification-provision = 专项准备
classification-part = { $loans } 笔，{ $amount }
classification-goal-value = 真实价值与风险
classification-goal-granting = 贷款发放中的问题
classification-goal-monitoring = 贷款管理中的问题
classification-goal-collection = 贷款收回中的问题
classification-goal-provision = 准备金是否充足
classification-total = 合计
classification-bad = 不良贷款
classification-bad-ratio = 不良率
classification-former-bad-ratio = 上期不良率
classification-differing = 与系统分类或初分不同的笔数
classification-fresh = 上期以来新发放
classification-fresh-worse = 其中已非正常类
classification-fresh-share = 新发放劣变率
classification-worse = 比上期下调
classification-better = 比上期上调
classification-overdue = 逾期本金
classification-needed = 应提专项准备
classification-held = 已提准备金（元）
classification-held-hint = 账面对该机构贷款已提的专项准备。
classification-short = 准备金缺口
classification-words = 结论
classification-no-words = 初分时填写
classification-paper = 贷款风险分类报告
classification-heading = 分类认定 { $number }
classification-sign-maker = 初分人：{ $name }
classification-sign-reviewer = 审核人：{ $name }
classification-verb = 发起分类认定
why-class-judged = 分类认定审定的分类更差，以其为准

approval-classification = 分类认定审定
material-classification-page = 分类认定
material-classification-as-of = 基准日
material-classification-loans = 笔数
material-classification-differing = 有差异的笔数
material-classification-bad-fen = 不良贷款余额
material-classification-needed-fen = 应提专项准备
close-step-classification_due = 分类认定任务

error-classification-not-found = 没有这次分类认定或这笔借据，或不在您的数据范围内
error-classification-not-found-way = 从分类认定列表打开；需要时请主管调整数据范围。
error-classification-open = 该机构已有办理中的认定 { $number }
error-classification-open-way = 办完这次认定；审核前的可以作废后重新发起。
error-classification-done = 该机构当日已审定 { $number }
error-classification-done-way = 下一个营业日起可再次发起。
error-classification-nothing = { $on } 该机构没有待分类的借据
error-classification-nothing-way = 选择有贷款余额的机构。
error-classification-no-classes = { $on } 没有生效的五级分类
error-classification-no-classes-way = 请制度管理员检查该日生效的制度。
error-classification-state = 认定当前状态不能办理此事（{ $state ->
        [drawn] 初分中
        [proposed] 待审核
        [submitted] 审定中
        [approved] 已审定
        [refused] 未通过
       *[dropped] 已作废
    }）
error-classification-state-way = 依次发起、初分、审核、审定；退回的由审核人改定后再送。
error-classification-floor = 认定的分类优于按逾期天数的底线（{ $least ->
        [normal] 正常
        [special_mention] 关注
        [substandard] 次级
        [doubtful] 可疑
       *[loss] 损失
    }）
error-classification-floor-way = 底线由法规按逾期天数规定，只能认定得更严；欠款收回后下期可上调。
error-classification-same-person = 建议、初分、审核、审定须由不同的人办理
error-classification-same-person-way = 您已参与过这次认定的另一步，请由他人办理。
error-classification-not-own = 只有发起这次认定的人可以初分
error-classification-not-own-way = 请初分人办理；初分人不在时，作废后由您重新发起。

event-loan-classified = 分类认定生效
action-classification-view = 查看分类认定
action-classification-prepare = 分类初分
action-classification-approve = 审定分类
action-classification-draw = 发起分类认定
action-classification-judge = 初分改定分类
action-classification-rejudge = 审核改定分类
action-classification-suggest = 提出分类建议
action-classification-propose = 提交初分
action-classification-review = 审核分类认定
action-classification-drop = 作废分类认定
action-classification-print = 打印分类报告

api-field-classifications-classification = 分类认定键
api-field-classifications-loan = 借据键；列表中为借据号
api-field-classifications-run = 认定编号
api-field-classifications-branch = 机构键；不填为本机构
api-field-classifications-class = 分类：normal、special_mention、substandard、doubtful、loss
api-field-classifications-reason = 理由
api-field-classifications-value = 真实价值与风险的结论
api-field-classifications-granting = 发放中问题的结论
api-field-classifications-monitoring = 管理中问题的结论
api-field-classifications-collection = 收回中问题的结论
api-field-classifications-provision = 准备金是否充足的结论
api-field-classifications-held = 已提准备金（元）
api-field-classifications-review = 审核意见
