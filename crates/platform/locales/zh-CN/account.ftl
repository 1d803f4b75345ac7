### 我的账号：口令、登录、第二步验证。

password-policy = 至少 { $least } 个字符{ $kinds ->
    [1] 。
   *[other] ，含 { $kinds } 类（数字、小写、大写、其他）。
 }
password-set-on = 密码启用日期
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

error-password-plain = 新密码须含至少 { $kinds } 类字符：数字、小写字母、大写字母、其他（汉字、标点、空格）
error-password-used-before = 新密码是最近 { $last } 次用过的，请换一个

notice-kind-new-device = 新设备登录
notice-new-device = 您的账号从一台新设备登录：{ $device }，{ $address }。如非本人，请结束该登录并马上改密码。

action-access-sessions-ended = 结束其他全部登录
action-user-sessions-end = 结束他人的登录
