### 导入账本：拒绝、提醒、文件、角色、列。每句都说清怎么办。

book-refused-id-lost-digits = 证件号被存成数字，第15位之后已丢失。请把该列设为文本，重新填写完整号码。
book-refused-id-checksum =
    { $about ->
        [check] 证件号校验位不符：末位应为 { $expected }，填的是 { $found }。请核对证件原件后改正。
        [birth] 证件号里的出生日期不存在。请核对证件原件后改正。
       *[other] 证件号长度不对，应为18位（旧号15位）。请核对证件原件后改正。
    }
book-refused-id-two-names = 同一证件号前面是“{ $other }”。请核对是姓名写错还是证件号写错。
book-refused-name-missing = 没有姓名或名称。请补上。
book-refused-customer-refused = 此人在客户表中的那一行有错，未读入。请先改好那一行。
book-refused-customer-unknown = 客户表里没有这个人。请在客户表补一行，或改正姓名。
book-refused-customer-ambiguous = 有 { $count } 位客户同名，无法判断是哪一位。请在这一行加上证件号。
book-refused-date-impossible = 日期不存在：{ $year } 年 { $month } 月没有 { $day } 日。请改正。
book-refused-date-unreadable = 看不懂这个日期。请写成 2024-03-05 这样的日期。
book-refused-date-missing = 没有日期。请补上。
book-refused-date-before-disbursement = 还款日 { $date } 早于放款日 { $disbursed }。请核对是否记错了借据或月份；同一行其余内容照常读入。
book-refused-date-in-future = 日期 { $date } 晚于账本截止日 { $as-of }。到期后再导入，或改正截止日。
book-refused-maturity-before-start = 到期日 { $maturity } 不晚于放款日 { $start }。请改正其中之一。
book-refused-amount-unreadable = 这里应是大于零的金额。请填数字，例如 50000.00；没有发生就留空。
book-refused-formula-without-value = 单元格是公式，文件里没有它的结果。请用 Excel 打开并保存一次，或改填数值。
book-refused-rate-missing = 没有利率。请按合同补上。
book-refused-rate-unreadable = 看不懂这个利率。请写成 12%（年）或 10‰（月）。
book-refused-method-unknown = 不认识这种还款方式。请写：等额本息、等额本金、等本等息、先息后本 或 利随本清。
book-refused-term-unreadable = 没有到期日，期限也看不懂。请填到期日，或写成 12个月。
book-refused-terms-absurd =
    { $about ->
        [principal] 金额大得不合理。请核对单位是元还是万元。
       *[other] 期数 { $periods } 不合理。请核对放款日和到期日。
    }
book-refused-allocation-mismatch =
    本金、利息、罚息、费用之和比还款金额 { $amount }{ $direction ->
        [more] 多
       *[other] 少
    } { $difference } 元。请核对这一笔的分配。
book-refused-loan-no-missing = 没有借据号。必填，机构内唯一。
book-refused-loan-no-taken = 借据号与{ $first-sheet }第 { $first-row } 行相同，内容不同。请改正其中一个借据号。
book-refused-loan-unknown = 账本里没有这个借据号。请核对借据号，或先导入这笔贷款。
book-refused-duplicate-row = 与第 { $first-row } 行相同，只读入一次。
book-refused-loan-refused = 所属借据有错，未读入。请先改好那张借据的那一行。
book-refused-kind-by-hand = “{ $kind }”要在系统里按流程办理，不能从账本读入。请导入后在借据页补办。

book-warning-id-15-digits = 15位旧身份证号已换成18位。请核对新证件。
book-warning-uscc-letter-o = 信用代码里的字母 O 按数字 0 读入，校验位随之相符。
book-warning-id-missing = “{ $name }”没有证件号，按姓名建档。请尽快补上。
book-warning-phone-unreadable = 电话看不懂，未读入。请在客户页补上。
book-warning-same-person-two-spellings = 证件号相同、写法不同：“{ $first }”与“{ $name }”，按同一客户读入。
book-warning-guarantor-is-borrower = 保证人“{ $guarantor }”自己在这里有 { $count } 笔贷款：{ $loans }。
book-warning-overpayment = 还多了，余下 { $credit } 元作为预存款，下期使用。
book-warning-balance-differs = 表上余额 { $sheet } 元，按交易算出 { $computed } 元。以交易为准；请核对是否漏记还款。
book-warning-class-differs =
    表上分类为{ $sheet ->
        [normal] 正常
        [special-mention] 关注
        [substandard] 次级
        [doubtful] 可疑
       *[loss] 损失
    }，逾期 { $days } 天应为{ $computed ->
        [normal] 正常
        [special-mention] 关注
        [substandard] 次级
        [doubtful] 可疑
       *[loss] 损失
    }。
book-warning-not-replayable = 这笔贷款算不出来：{ $error }。已读入，请核对条款和还款。
book-warning-hidden-row = 隐藏行里有数据，已读入。
book-warning-hidden-column = 隐藏列里有数据，已读入。
book-warning-hidden-sheet = 隐藏的工作表里有数据，已读入。
book-warning-total-uses-text = 合计 { $total } 含有存成文本的金额 { $texts } 元，Excel 重算后会变。本系统已按金额读入。
book-warning-amount-rounded = 金额有分以下的尾数，已四舍五入到分。
book-warning-rate-assumed = 利率没有写明年、月或百分号，按大小判断。请核对。
book-warning-term-differs = 写的是 { $stated } 期，按日期算是 { $periods } 期，以日期为准。
book-warning-security-unknown = 担保方式“{ $word }”不认识，留空。请在借据页选择。
book-warning-equal-rows = 有内容相同的行，都已读入。请核对是否重复记账。
book-warning-sheet-not-recognised = 这张表像是有数据，但没有认出来。请在“对列”一步指定它是什么。

book-file-not-a-spreadsheet = 这不是 Excel 或 CSV 文件。请上传 .xlsx、.xls 或 .csv。
book-file-too-large = 文件太大。请分成几个文件上传。
book-file-unpacks-too-large = 文件解压后太大，未打开。请分成几个文件上传。
book-file-too-many-parts = 工作表太多。请只留要导入的表。
book-file-too-many-rows = 行数太多。请分成几个文件上传。
book-file-too-many-columns = 很靠右的列里有内容。请删除表格右侧多余的列后再上传。
book-file-too-many-cells = 单元格太多。请分成几个文件上传。
book-file-text-too-long = 有单元格的文字过长。请缩短后再上传。
book-file-encrypted = 文件有打开密码。请取消密码后再上传。
book-file-damaged = 文件损坏，读不出来。请用 Excel 打开并另存一次再上传。

book-role-customers = 客户
book-role-loans = 借据
book-role-repayments = 还款明细
book-role-wide = 逐月回款表
book-role-security = 担保
book-role-none = 不导入

book-field-serial = 序号、流水号
book-field-loan-no = 借据号
book-field-contract-no = 合同号
book-field-name = 姓名或名称
book-field-id-no = 证件号码
book-field-phone = 电话
book-field-address = 住址
book-field-party-kind = 客户类型
book-field-note = 备注
book-field-co-name = 共同借款人
book-field-co-id-no = 共同借款人证件号码
book-field-principal = 贷款金额
book-field-rate = 利率
book-field-method = 还款方式
book-field-disbursed-on = 放款日期
book-field-maturity-on = 到期日
book-field-periods = 期限
book-field-repayment-day = 还款日
book-field-security = 担保方式
book-field-class = 五级分类
book-field-balance = 贷款余额
book-field-purpose = 用途
book-field-day-count = 计息方式
book-field-guarantor = 保证人或抵押人
book-field-guarantor-id = 保证人证件号码
book-field-guarantee-amount = 担保金额
book-field-collateral = 抵质押物
book-field-collateral-value = 评估价值
book-field-paid-on = 还款日期
book-field-amount = 还款金额
book-field-paid-principal = 其中本金
book-field-paid-interest = 其中利息
book-field-paid-penalty = 其中罚息
book-field-paid-fee = 其中费用
book-field-kind = 摘要
book-field-total = 合计

book-row-title = 标题
book-row-header = 表头
book-row-blank = 空行
book-row-subtotal = 小计
book-row-total = 合计
book-row-note = 注释

book-check-heading = 校验结果
book-check-refused = 错误：{ $text }
book-check-warning = 提醒：{ $text }

book-rule-amount = 大于零的金额，元，两位小数
book-rule-date = 日期，如 2026-01-15
book-rule-id = 18位身份证号或统一社会信用代码，文本
book-rule-rate = 年利率写 12%，月利率写 10‰
book-rule-loan-no = 机构内唯一
book-rule-day = 1 至 31；空着按放款日
book-rule-kind = 服务费、提前还本（减少月供）等；普通还款留空
book-rule-choice = 从列表中选
book-rule-text = 文字
book-template-rules = 填写规则
book-template-sample = 示例
