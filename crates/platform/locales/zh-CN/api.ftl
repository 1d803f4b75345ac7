### 接口：令牌、错误、文档。

action-token-own = 为自己建立接口令牌
action-token-manage = 管理全部接口令牌
action-self = 本人事项：审批、通知、视图

token-title = 接口令牌
token-note = 程序凭令牌以所有人的身份办事：所有人今天能做什么，令牌至多能做什么。令牌只显示一次；不再使用时请收回。
token-none = 尚无令牌
token-none-text = 需要让其他程序读写本系统时，在此建立令牌。
token-name = 用途
token-name-hint = 写明哪个程序使用，例如“总账接口”。
token-owner = 所有人
token-scopes = 权限范围
token-scopes-hint = 只勾选程序确实需要的权限；岗位调整后，令牌随之减少。
token-life = 有效期
token-days = 有效天数
token-days-hint = 最长 { $most } 天。
token-used = 最近使用
token-never = 从未使用
token-state = 状态
token-alive = 有效
token-ended = 已到期
token-revoked = 已收回
token-revoke = 收回
token-docs = 接口文档
token-new = 新建令牌
token-make = 建立令牌
token-made = 令牌已建立
token-once = 请立即复制并妥善保管：此令牌只显示这一次，系统只保存其指纹。
token-back = 回到令牌列表

error-token-name = 用途须填写，至多 { $most } 字
error-token-no-scope = 至少勾选一项权限
error-token-beyond = 所有人没有“{ $action }”权限，令牌不能多于所有人
error-token-days = 有效天数须为 1 至 { $most }
error-field-unknown = 没有“{ $field }”这个字段
error-field-nested = “{ $field }”不能是对象或嵌套的数组
error-number-inexact = “{ $field }”请写成文本，如 "12.30"：带小数的 JSON 数值不精确
error-key-reused = 这个 Idempotency-Key 已用于另一个请求
error-key-reused-way = 同一操作重发时请求须完全相同；新的操作请换一个新的键。

failure-bad-token = 令牌无效
failure-bad-token-text = 请求须带 Authorization: Bearer 令牌；令牌可能写错、已到期或已收回。
failure-key-missing = 缺少 Idempotency-Key
failure-key-missing-text = 写入请求须带 Idempotency-Key 请求头（1 至 128 个字符）；重发同一操作时沿用同一个键。
failure-not-json = 请求体不是 JSON
failure-not-json-text = 请用 Content-Type: application/json 发送一个 JSON 对象；带文件的请求用 multipart/form-data。
failure-too-many = 请求过于频繁
failure-too-many-text = 请按 Retry-After 所示的秒数等待后再试。
action-token-make = 建立了接口令牌
action-token-revoke = 收回了接口令牌

api-docs-title = 接口文档
api-docs-note = 凡页面能做的，程序都能做：同一个用例，同样的权限、数据范围与规则
api-docs-token = 每个请求带 Authorization: Bearer 令牌。令牌在“接口令牌”页建立；权限不超过所有人今天的权限。
api-docs-write = 写入用 POST 发送 JSON 对象，字段与表单相同，未知字段会被拒绝；须带 Idempotency-Key，重发同一操作时沿用同一个键，得到同样的结果。
api-docs-money = 写入的金额是以元为单位的文本（"1234.50"）；读出的金额是以分为单位的整数，字段名以 _fen 结尾；利率以十亿分之一为单位，以 _e9 结尾。日期为 YYYY-MM-DD，键是文本。
api-docs-list = 列表以 page、size、sort、view 与各筛选项查询，给出本页与全部结果的合计；location 指向各条记录。
api-docs-error = 拒绝以 application/problem+json（RFC 9457）给出：code 与页面相同，errors 指明字段，rule 与 article 为规则与条款，instance 为请求编号。文字按 Accept-Language 用中文或英文。
api-docs-scope = 权限范围
api-docs-fields = 字段（* 必填）
api-docs-files = 文件及其字段，multipart/form-data
api-docs-query = 查询参数
api-docs-answer = 应答
api-docs-place = 结果的位置：location
api-docs-open = 任意字段
api-docs-none = 无
