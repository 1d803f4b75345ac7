### 人员与权限、审计、导航、搜索。

nav-work = 工作
nav-customers = 客户
nav-loans = 贷款
nav-monitoring = 贷后
nav-collections = 催收
nav-accounts = 账务
nav-oversight = 监督
nav-setup = 设置

action-user-view = 查看用户
action-user-edit = 维护用户
action-user-confirm = 确认授权
action-branch-view = 查看机构与团队
action-branch-edit = 维护机构与团队
action-audit-view = 查看审计记录
action-audit-verify = 核验审计链
action-personal-reveal = 查看个人信息明文
action-contact-reveal = 查看电话号码

search-none-asked = 输入姓名、拼音、合同号、借据号或电话尾号。
search-nothing = 没有找到“{ $asked }”。换一种写法，或少输几个字再试。

user-branch = 机构
user-roles = 角色
sessions-title = 我的登录
sessions-text = 不认识的登录请结束它，并马上改密码。
session-started = 登录时间
session-seen = 最近使用
session-address = 来自
session-agent = 浏览器
session-this = 当前
session-end = 结束
