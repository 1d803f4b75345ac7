# 导入：把机构自己的账本读进来
import-title = 导入
import-template = 下载模板
import-upload = 上传账本
import-file = 文件
import-file-hint = Excel（.xlsx、.xls）或 CSV，最大 64 MB。用自己的账本即可，不必先改成模板的样子。
import-file-missing = 请选择一个文件。
import-go = 上传并识别
import-what = 上传后先对列、再试算，确认之前不写入任何数据。同一个文件再导一次，只补没有的记录。
import-history = 导入历史
import-none = 还没有导入过
import-none-text = 从上方上传第一个账本；每次导入都会留在这里，可以下载带校验结果的原文件。
import-at = 时间
import-by = 经办
import-state = 状态
import-state-uploaded = 待对列
import-state-tried = 已试算
import-state-importing = 写入中
import-state-imported = 已导入
import-step-file = 选文件
import-step-columns = 对列
import-step-columns-note = { $known } 列已对上，{ $open } 列不导入
import-step-try = 试算
import-step-try-note = 未写入任何数据
import-step-write = 写入
import-step-write-note = 整表或只写对的行
import-step-done = 完成
import-step-done-note = 已进入台账
import-columns-title = 工作表“{ $sheet }”
import-columns-none = 这张表没有认出表头。如果是数据，请选它是什么；表头须在前 40 行内。
import-role = 这张表是
import-column = 列
import-heading = 表头
import-sample = 首行内容
import-field = 含义
import-field-none = 不导入
import-sure = 把握
import-sure-certain = 已确认
import-sure-good = 认得
import-sure-weak = 请核对
import-sure-unknown = 未识别
import-month = { $year }年{ $month }月回款
import-answers = 账本里没写的
import-answers-note = 只问一次，下次自动带出。
import-as-of = 账本截止日
import-as-of-hint = 这一天之后的记录不导入；余额按这一天核对。
import-product = 产品
import-wide-day = 逐月回款的入账日
import-wide-day-due = 当月还款日
import-wide-day-end = 当月最后一天
import-day-count = 没写计息方式的，按
import-days-of-year = 日利率一年按
import-days = { $days } 天
import-penalty = 罚息在合同利率上加收 %
import-penalty-hint = 不收罚息就留空。
import-penalty-days = 罚息一年按
import-direction = 还款先还
import-direction-by-instalment = 最早一期的费用、罚息、利息、本金，再还下一期
import-direction-by-head = 各期费用，再各期罚息、利息、本金
import-try = 试算
import-change-answers = 改对列和约定
import-tile-loans = 可写入借据
import-tile-warnings = 提醒
import-tile-refused = 错误行
import-tile-existing = 已存在，跳过
import-tile-balance = 本金余额
import-unit-loans = 笔
import-unit-rows = 行
import-unit-records = 条
import-refused-note = 改好再传，或留在文件里
import-warning-note = 已按规则读入
import-existing-note = 内容相同
import-balance-note = 截至 { $on }
import-totals = 控制合计
import-totals-note = 与账本自己的合计核对后再写入
import-totals-what = 项目
import-totals-count = 笔数
import-totals-existing = 已存在
import-totals-sum = 金额（元）
import-total-customers = 客户（含保证人、抵押人）
import-total-loans = 借据
import-total-receipts = 收款等交易
import-total-guarantees = 保证
import-total-collaterals = 抵质押物
import-total-outstanding = 截至 { $on } 本金余额（重算）
import-problems = 问题行
import-problems-all = 全部
import-problems-refused = 错误
import-problems-warning = 提醒
import-problems-none = 没有问题行。
import-problems-more = 每页 { $size } 条，共 { $count } 条；完整清单在下载的文件里。
import-level-refused = 错误
import-level-warning = 提醒
import-sheet = 工作表
import-row = 行
import-customer = 客户
import-principal = 本金
import-rate = 年化 %
import-loan = 借据号
import-cell = 单元格内容
import-empty-cell = （空）
import-how = 怎么改
import-checked-file = 下载带校验列的原文件
import-write-all = 全对才写（改好 { $rows } 行后重传）
import-write-rest = 只写其余，{ $rows } 行留在文件里
import-write = 写入 { $loans } 笔借据 · { $principal } 元
import-write-nothing = 全部已存在，没有要写入的
import-nothing-new = 这个文件里的记录都已存在，再写一次不会改变任何数据。
import-progress = 已写 { $done } / { $all } 笔借据
import-progress-note = 可以离开本页。如果中途断电或停机，回来点“继续写入”即可，不会漏也不会重。
import-continue = 继续写入
import-done-note = 已写入台账。
import-done-partial = 已写入台账；{ $rows } 行有错，仍在文件里。
import-open-ledger = 打开贷款台账
import-again = 再导一个文件

book-refused-not-replayable = 这笔贷款算不出来：{ $error }。未读入，请核对条款和还款。
book-refused-loan-differs = 台账里已有这个借据号，但借款人、金额或放款日不同。同号同内容才算重复导入；请核对借据号。
book-refused-borrower-merged = 借款人的档案已并入客户 { $customer }，不再新增借据。请在保留档案下登记，或撤销合并后再导入。
book-refused-contract-taken = 合同号 { $contract } 属于另一个客户。请核对合同号。
book-warning-rate-above-cap = 综合年化 { $rate }% 超过放款日有效的上限 { $cap }%。存量贷款照常读入；请按制度处理。

error-import-file =
    { $code ->
        [not_a_spreadsheet] { book-file-not-a-spreadsheet }
        [too_large] { book-file-too-large }
        [unpacks_too_large] { book-file-unpacks-too-large }
        [too_many_parts] { book-file-too-many-parts }
        [too_many_rows] { book-file-too-many-rows }
        [too_many_columns] { book-file-too-many-columns }
        [too_many_cells] { book-file-too-many-cells }
        [text_too_long] { book-file-text-too-long }
        [encrypted] { book-file-encrypted }
       *[damaged] { book-file-damaged }
    }
error-import-file-missing = 请选择一个文件。
error-import-not-found = 没有这个导入批次，或不在您的范围内。
error-import-not-answered = 还没有对列。请先确认各列含义和约定，再写入。
error-import-state =
    { $state ->
        [importing] 这个批次正在写入。请等它写完，或点“继续写入”。
        [undone] 这个批次已经撤销。要重新导入，请重新上传文件。
        [imported] 这个批次已经写完。要补新的记录，请重新上传文件。
       *[other] 这个批次还不能做这一步。请从“对列”开始。
    }
error-import-rows-refused = 有 { $rows } 行有错。请改好后重新上传，或选择“只写其余”。
error-import-book-date = 账本截止日 { $as_of } 晚于营业日 { $business_date }。请改正截止日，或先做日终。
error-import-nobody-manages = 导入的客户和贷款需要管户人。请用一个人的账号导入。
error-import-penalty-unreadable = 看不懂“{ $text }”。请填百分数，如 50；不收罚息就留空。
