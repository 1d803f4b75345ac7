# 附件：随业务保存的扫描件、照片与文件。

attachment-file = 文件
attachment-file-hint = 可上传 { $kinds }，每个不超过 { $most } MiB；加密保存，每次查看都留痕。
attachment-size-kib = { $kib } KiB
attachment-size-mib = { $mib } MiB
action-attachment-keep = 保存附件
action-attachment-open = 查看附件
action-attachment-withdraw = 撤回附件

error-attachment-empty = 请选择一个有内容的文件
error-attachment-too-large = 文件约 { $found } MiB，超过上限 { $most } MiB；请压缩或分成几份再传
error-attachment-kind = 按文件内容看不属于可保存的类型（{ $kinds }）；带宏的文档、网页和程序不收
error-attachment-not-found = 没有这个附件
error-attachment-not-found-way = 可能链接已过时，请回到资料清单查看。
error-attachment-not-current = 这个附件已被替换或撤回
error-attachment-not-current-way = 附件不作改动：请打开最新的一份，再替换或撤回。
error-attachment-withdrawn = 这个附件已撤回，内容不再展示
error-attachment-withdrawn-way = 确需查看，请由可查审计记录的人员打开。
error-attachment-elsewhere = 附件内容不在本库
error-attachment-elsewhere-way = 整本台账只带附件目录；请导入原机构的附件包（loanward import --files），或恢复原机构的备份，或重新上传。
error-attachment-damaged = 附件内容与保存时不一致
error-attachment-damaged-way = 可能在程序外被改动或损坏：请核对审计链，并从备份恢复。
