### 整本台账。

action-book-export = 导出整本台账（个人信息掩码）
action-book-export-clear = 以明文导出整本台账
action-book-import = 把整本台账导入空的机构

error-book-cannot-write = 工作簿写不出来：磁盘空间不足，或某个值无法写入。详情见日志。

whole-book-finding-no-workbook = 这不是 Excel 工作簿（.xlsx），或文件不完整：请重新导出或重新上传。
whole-book-finding-damaged = 文件已损坏，读不下去：请重新导出。
whole-book-finding-encrypted = 工作簿有密码保护：请先去掉密码。
whole-book-finding-too-large = { $what ->
    [parts] 压缩包内文件过多，超过 { $limit } 个
    [unpacked] 解压后过大，超过 { $limit } MiB
   *[text] 单个文本过长，超过 { $limit }
  }：这不是本系统导出的整本台账。
whole-book-finding-formula = 单元格 { $cell }（{ $part }）是公式：整本台账只收数值，请把公式粘贴为值。
whole-book-finding-no-first-page = 没有“说明”页：这不是整本台账。各机构自己的账本请在“导入”中导入。
whole-book-finding-first-page = “说明”页缺少或读不懂“{ $item }”：请勿改动这一页，或由同版本程序重新导出。
whole-book-finding-too-many-rows = 行数过多。
whole-book-finding-too-many-columns = 第 { $limit } 列以右还有内容。
whole-book-finding-row-order = 行的顺序乱了：文件已损坏。
whole-book-finding-long-text = 长文本的序号读不懂。
whole-book-finding-text-mark = 文本标记不完整，找不到对应的长文本。
whole-book-finding-no-tab = 缺少这个页签：文件不完整。
whole-book-finding-no-sheet = 缺少“{ $sheet }”表：文件不完整，或由另一版本的程序导出。
whole-book-finding-unknown-sheet = 有本程序不认识的表“{ $sheet }”：请用导出它的那一版程序导入。
whole-book-finding-masked = 工作簿中的个人信息是掩码，不能再导入：请勾选“明文”重新导出。
whole-book-finding-not-empty = 本机构不是空的：“{ $sheet }”已有 { $rows } 行。整本台账只能导入空的机构。
whole-book-finding-already = 同一文件已于 { $at } 导入。
whole-book-finding-business-date = 台账的营业日是 { $book }，本机构已日终、营业日是 { $here }：请导入新建的机构。
whole-book-finding-other-calendar = 本机构的节假日日历与导出时不同，还款日可能因此不符。
whole-book-finding-other-lpr = 本机构的 LPR 与导出时不同，浮动利率可能因此不符。
whole-book-finding-other-policy = 本机构的制度版本与导出时不同，分档和分类可能因此不符。
whole-book-finding-columns = 第二行的列键与应有的不一致：“{ $key }”。
whole-book-finding-empty = 不能为空。
whole-book-finding-no-money = 不是金额（元，至多两位小数）。
whole-book-finding-no-rate = 不是利率。
whole-book-finding-no-count = 不是整数。
whole-book-finding-no-date = 不是日期。
whole-book-finding-no-key = 不是编号。
whole-book-finding-key-as-number = 编号被存成了数字，末几位已丢失：编号列必须是文本。
whole-book-finding-no-moment = 不是时间。
whole-book-finding-no-flag = 只能是“是”或“否”。
whole-book-finding-no-text = 不是文本。
whole-book-finding-surplus-cell = 表头之外还有内容。
whole-book-finding-unknown-name = 人员、机构或被引用的人不在本台账中。
whole-book-finding-no-such-row = 引用的行在“{ $sheet }”表中不存在。
whole-book-finding-twice = 键重复。
whole-book-finding-later = 业务日期晚于台账的营业日。
whole-book-finding-sealed = 内容不符合要求（{ $code }）。
whole-book-finding-refused-rows = 第 { $first } 至 { $last } 行之间有数据库不接受的行：编号重复、状态与字段矛盾，或核验人就是导入人。
whole-book-finding-rows-differ = “说明”页记 { $said } 行，实有 { $found } 行：文件不完整或被改过。
whole-book-finding-sum-differs = “说明”页记合计 { $said }，实为 { $found }：文件被改过。
whole-book-finding-changed = 导出后被改过，合计未变。
whole-book-finding-unsettled = { $number } 无法重算：{ $why }。
whole-book-finding-derived-differs = 文件为“{ $said }”，按事实重算为“{ $found }”。
whole-book-finding-derived-other = 与重算结果不是同一行：推导表被增删或改动过。
whole-book-finding-derived-surplus = 重算结果没有这一行。
whole-book-finding-derived-lacking = 重算结果比文件多：推导表缺行。
