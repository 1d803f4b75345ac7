### 银行账户、国籍、证件类型。

accounts-title = 银行账户
accounts-note = 账号加密保存；录入人不能自己核验
accounts-none = 还没有银行账户。登记放款、还款用的账户，由第二人核验。
account-add = 新增银行账户
account-number = 账号
account-number-hint = 6 到 32 位数字，可带空格；加密保存，平时只显示首尾。
account-holder = 户名
account-bank = 开户行
account-bank-hint = 写到支行。
account-purpose = 用途
account-purpose-repay = 还款
account-purpose-disburse = 放款
account-purpose-both = 放款与还款
account-verified = 核验
account-is-verified = 已核验
account-not-verified = 未核验
account-verify = 核验
account-verify-title = 核验银行账户
account-verify-hint = 对照了什么：银行卡原件、流水、小额打款。
account-end-title = 停用银行账户
account-end-hint = 如：已销户、换卡、本人要求。
account-reveal = 查看账号
account-luhn = 校验位不符，请核对
account-shared = 他人档案里也有此账号

customer-nationality = 国籍（地区）
customer-nationality-hint = 两位代码，照证件填，如 CN 中国、VN 越南；不从号码推断，不知道就留空。
identity-hk-macao-permit = 港澳居民来往内地通行证
identity-taiwan-permit = 台湾居民来往大陆通行证
identity-foreign-resident = 外国人永久居留身份证
country-cn = 中国
country-hk = 中国香港
country-mo = 中国澳门
country-tw = 中国台湾
country-vn = 越南
country-la = 老挝
country-mm = 缅甸
country-ru = 俄罗斯
country-kr = 韩国
country-jp = 日本
country-us = 美国
country-gb = 英国

timeline-bank-account-add = 新增银行账户
timeline-bank-account-verify = 核验银行账户 { $number }
timeline-bank-account-end = 停用银行账户
timeline-personal-reveal-account = 查看账号 { $shown }

error-account-number = 请填 6 到 32 位数字的账号
error-account-known = 档案里已有这个账号
error-account-known-way = 要改用途或户名，请先停用原来的一条再新增。
error-account-own-entry = 录入人不能核验自己录入的账户
error-account-own-entry-way = 请另一位同事对照银行卡或流水后核验。
error-account-already-verified = 这个账户已经核验过
error-country-code = 请填两位国家（地区）代码，如 CN
