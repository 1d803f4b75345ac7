premium-title = 优质企业名单
premium-note = 按项目登记、附依据，经他人批准后生效；按统一社会信用代码认定客户的工作单位。
premium-none = 没有优质企业
premium-none-text = 登记并经批准的企业列在这里。
premium-count = { $count } 家
premium-new = 登记优质企业
premium-edit = 补正登记
premium-import = 导入名单
premium-import-note = 一次导入整份表格：任何一行有误时，全部不登记。栏目与本名单导出的文件相同。
premium-import-hint = .xlsx、.xls 或 .csv，首行为栏目名称；企业名称、统一社会信用代码、名单项目为必填。
premium-one = 名单登记
premium-history = 该企业的历次登记
premium-number = 编号
premium-name = 企业名称
premium-uscc = 统一社会信用代码
premium-item = 名单项目
premium-industry = 行业
premium-board = 上市板块
premium-not-listed-anywhere = 未填
premium-subsidiary-hint = 上市板块、盈利年数、母公司及持股比例仅子公司填写；母公司须在名单内。
premium-good-years = 连续盈利良好年数
premium-parent-uscc = 母公司代码
premium-parent-share = 母公司持股比例
premium-proof = 依据
premium-proof-hint = 名录、公告、报告或证照的名称与日期；文件可附在下面。
premium-from = 生效日期
premium-until = 截止日期
premium-until-hint = 没有确定的截止日期时留空。
premium-approved-on = 批准日期
premium-ended-on = 移出日期
premium-end-reason = 移出原因
premium-end = 移出名单
premium-end-hint = 自移出日期起不再认定；此前的结论不变。
premium-state = 状态
premium-state-submitted = 待审批
premium-state-refused = 未通过
premium-state-standing = 在名单内
premium-state-coming = 尚未生效
premium-state-over = 已移出
premium-view-standing = 在名单内
premium-view-waiting = 待审批
premium-view-over = 已移出
premium-view-all = 全部
premium-filter-text = 代码、编号或名称
premium-not-on-list = 工作单位不在优质企业名单内
premium-heading = 优质企业 { $name } { $number }
approval-premium-enterprise = 优质企业名单登记
material-premium-page = 名单登记
material-premium-uscc = 统一社会信用代码
material-premium-proof = 依据
material-premium-from = 生效日期
evaluation-source-premium-list = 优质企业名单

error-premium-not-offered = 现行制度没有优质企业名单
error-premium-not-offered-way = 采用有客户五类划分的制度后方可登记。
error-premium-waits = 该企业的登记 { $number } 正在审批
error-premium-waits-way = 请待其审批完毕，或在该登记上补正。
error-premium-state = 登记当前状态不能办理此事
error-premium-state-way = 待审批的可以补正，在名单内的可以移出。
error-premium-conditions = 不符合子公司的条件
error-premium-conditions-way = 子公司须在创业板以外上市、连续盈利良好达到制度规定的年数、母公司持股达到制度规定的比例。
error-premium-not-asked = 该项目不填此栏
error-premium-own-parent = 母公司不能是企业自身
error-premium-parent-not-listed = 母公司 { $number } 不在名单内，或不属可作母公司的项目；请先登记母公司
error-premium-share = 请填 0 到 100 之间、最多四位小数的数
error-premium-end-past = 移出日期不能早于今天 { $date }
error-premium-no-heading = 没有找到栏目名称；首行须有企业名称、统一社会信用代码、名单项目
error-premium-no-rows = 栏目下面没有企业
error-premium-too-many = 一次最多 { $most } 行，文件有 { $found } 行
error-premium-row = 第 { $row } 行有误：{ $field ->
    [name] 企业名称
    [uscc] 统一社会信用代码
    [item] 名单项目
    [industry] 行业
    [board] 上市板块
    [good_years] 连续盈利良好年数
    [parent_uscc] 母公司（须在名单内）
    [parent_share] 母公司持股比例
    [proof] 依据
    [starts_on] 生效日期
    [until] 截止日期
   *[row] { $code ->
        [premium-waits] 该企业已有登记待审批
        [premium-conditions] 不符合子公司的条件
       *[other] 不能登记
    }
}

action-premium-record = 登记、补正、移出优质企业
action-premium-enterprise-approve = 审批优质企业名单登记
action-premium-submit = 登记优质企业
action-premium-resubmit = 补正优质企业登记
action-premium-import = 导入优质企业名单
action-premium-end = 移出优质企业名单

api-field-premium-enterprises-enterprise = 名单登记键
api-field-premium-enterprises-ended-on = 移出日期；空为今天
api-field-premium-enterprises-reason = 移出原因
