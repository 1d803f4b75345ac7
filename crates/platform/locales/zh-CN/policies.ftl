### 制度。

action-policy-view = 查看制度
action-policy-draft = 起草制度版本
action-policy-approve = 审批制度版本

policies-title = 制度
policy-version = 版本
policy-from = 生效日
policy-by = 来源
policy-note = 说明
policy-shipped = 随程序提供
policy-in-force = 现行
policy-approved = 已批准
policy-submitted = 待批准
policy-draft = 草稿
policy-rejected = 未批准
policy-switches = 歧义与选择
policy-switches-note = 原文矛盾或不清之处，本机构的选择
policy-settles = 编号
policy-choice = 事项
policy-chosen = 选择
policy-tables = 决策表
policy-parameters = 参数
policy-articles = 条款
policy-own-table = 本机构
policy-law-table = 法定下限
policy-hit = 命中方式 { $hit }
article-source = 出处
article-sure = 可信度
article-period = 有效期
article-repealed = 已废止，见
confidence-text = 已读原文
confidence-seen = 见于转述
confidence-unsure = 待核对原文
confidence-house = 本机构自定

error-policy-none = { $date } 没有生效的制度版本
error-policy-none-way = 请先安装随程序提供的制度，或批准一个在该日生效的版本。
error-policy-broken = 制度 { $pack } 有 { $count } 处问题，第一处：{ $first }
error-policy-facts = 制度可用的事实无法合并：{ $cause }
error-policy-undecidable = 制度无法判断：{ $cause }
error-policy-parameter = 制度参数不可用：{ $cause }
error-policy-not-draft = 该版本状态为 { $state }，不是草稿
error-policy-past = 新版本不能在 { $date } 生效：营业日是 { $today }，只能在以后生效
error-policy-unknown = 没有这个制度版本或条款
