### 机构设置。

action-settings-manage = 维护机构设置

institution-title = 机构设置
institution-note = 页面、打印件和发给客户的文字都用这里的内容
institution-name = 机构名称
institution-name-hint = 与营业执照一致。
institution-code = 机构编码
institution-code-hint = 监管部门或协会给的编码，没有可留空。
institution-credit-code = 统一社会信用代码
institution-address = 地址
institution-contact = 客户联系方式
institution-contact-hint = 客户据此找到贵机构：提醒、通知等每份发出的文字都写明它。
institution-account = 收款账户
institution-account-hint = 账号与开户行；催收函写明它，不填则函件不列账号。
institution-save = 保存
institution-changed = { $who }于 { $at } 改动

error-institution-text = 最多 { $most } 个字，不含控制字符
error-institution-credit-code = 应为 18 位数字或字母
error-institution-name-number = 机构名称中不能有身份证号或手机号：它显示在每个页面上
