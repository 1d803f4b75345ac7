### 我的账号：口令、登录、第二步验证。

password-policy = 至少 { $least } 个字符{ $kinds ->
    [1] 。
   *[other] ，含 { $kinds } 类（数字、小写、大写、其他）。
 }
password-set-on = 口令启用日期
password-holds-until = 最迟更换日期
session-device = 设备
sessions-end-others = 结束其他全部登录
user-sessions = 登录情况
user-sessions-count = { $count ->
    [0] 当前未登录
   *[other] { $count } 处登录
 }
user-sessions-end = 结束全部登录
user-sessions-end-hint = 该用户在各处立即退出，可以重新登录。要禁止登录，请停用用户。

error-password-plain = 新口令须含至少 { $kinds } 类字符：数字、小写字母、大写字母、其他（汉字、标点、空格）
error-password-used-before = 新口令是最近 { $last } 次用过的，请换一个

notice-kind-new-device = 新设备登录
notice-new-device = 您的账号从一台新设备登录：{ $device }，{ $address }。如非本人，请结束该登录并马上改口令。

action-access-sessions-ended = 结束其他全部登录
action-user-sessions-end = 结束他人的登录

second-step-title = 两步登录
second-step-off-now = 未开启：仅凭口令即可登录
second-step-on-now = 已开启：每次登录须输入动态口令
second-step-why = 开启后口令被盗也无法登录：登录时另需一个六位动态口令，每三十秒更换一次，由手机上的验证器应用显示，不需联网。
second-step-must = 您的角色必须开启（本机构账户安全规定）。
second-step-begin = 开始设置
second-step-enrol = 绑定设备
second-step-scan = 在手机上打开验证器应用，扫描此图。
second-step-picture = 供验证器应用扫描的二维码
second-step-by-hand = 或手工输入密钥：
second-step-prove = 输入应用现在显示的动态口令。
second-step-code = 动态口令
second-step-confirm = 确认
second-step-again = 换一个密钥重新开始
second-step-since = 开启时间
second-step-since-when = { $since } 起开启
second-step-turn-off = 关闭
second-step-off-hint = 两项操作都须输入设备上的动态口令。生成新的恢复码后，旧的全部作废。
second-step-reset = 解除两步登录
second-step-reset-hint = 用于设备遗失：请当面核实身份。全部登录立即结束，重新绑定前仅凭口令登录，并通知本人。
recovery-codes-title = 恢复码
recovery-codes-once = 设备遗失时使用：每个恢复码可代替动态口令登录一次。只在此时显示，请打印或抄下，与设备分开保存。
recovery-codes-kept = 我已保存
recovery-codes-left = 剩余恢复码
recovery-codes-renew = 生成新的恢复码

error-code-wrong = 动态口令不正确或已用过。请等下一个，并检查设备时间是否准确
error-second-step-required = 您的角色必须开启两步登录，不能关闭
error-second-step-required-way = 如需换设备，请另一位管理员解除后重新绑定。
error-second-step-over = 本次登录等待动态口令已超时，请重新登录
failure-second-step-first = 请先绑定设备
failure-second-step-first-text = 您的角色必须开启两步登录，须先绑定设备才能办理其他事项。

notice-kind-second-step-reset = 两步登录被解除
notice-second-step-reset = 管理员解除了您的两步登录。如非您要求，请马上报告；否则请重新绑定设备。

action-access-second-step-begun = 开始绑定登录设备
action-access-second-step-on = 开启两步登录
action-access-second-step-off = 关闭两步登录
action-access-recovery-codes-renewed = 生成新的恢复码
action-user-second-step-reset = 解除他人的两步登录
