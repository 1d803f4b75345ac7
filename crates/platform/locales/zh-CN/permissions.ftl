### 权限与权限复核。

permissions-title = 权限
permissions-note = 每个岗位能做什么、做到多大范围；岗位与权限来自制度，谁任何岗由“用户”办理
permissions-export = 导出 Excel
permissions-who = 角色或人员
permissions-none = 没有这个名称的角色或人员；清空后显示全部
permissions-more = 等另 { $count } 人
permissions-tab-held = 在任岗位
permissions-tab-all = 全部岗位
permissions-tab-review = 权限复核
permission-action = 操作
permission-code = 代号
permission-role = 岗位
permission-scope = 范围
permission-holders = 任职人
permission-own = 本人
permission-team = 本团队
permission-branch = 本机构
permission-institution = 全机构
review-note = 最久未用的排在最前：离岗、调岗的请停用或收回岗位
review-logged-in = 最近登录
review-used = 最近使用
review-never = 从未
