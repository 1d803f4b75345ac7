### 页面框架与元件的词条。

brand = 信守
brand-other = Loanward
brand-other-lang = en
slogan =
    把制度跑起来。
    每个数字都能问
    “为什么”。
data-stays = 数据只存本机，不向外部发送任何请求。
demo-banner = 演示账簿：机构、人员、客户和金额均为虚构，时钟停在营业日。可以放心试用。
skip = 跳到正文
navigation = 导航
more = 更多
search = 搜索
search-hint = 姓名 / 拼音 / 合同号 / 借据号 / 手机尾号
business-date = 营业日
bell = 通知（{ $count } 条未读）
my-account = 我的账户
log-out = 退出
close = 关闭
cancel = 取消
print = 打印

weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日

unit = 金额单位
unit-yuan = 元
unit-wan = 万元
unit-note-yuan = 单位：元
unit-note-wan = 单位：万元（合计由分汇总后换算，各行四舍五入）

class-pass = 正常
class-special-mention = 关注
class-substandard = 次级
class-doubtful = 可疑
class-loss = 损失

bucket-none = 未逾期
bucket-1-30 = 逾期 { $days } 天，1–30 档
bucket-31-60 = 逾期 { $days } 天，31–60 档
bucket-61-90 = 逾期 { $days } 天，61–90 档
bucket-over-90 = 逾期 { $days } 天，91 天以上档
days = { $days } 天
due-late = 迟 { $days } 天
due-today = 今日
due-left = 还剩 { $days } 天

why = 为什么
why-facts = 事实
why-rules = 规则
why-steps = 计算

refusal-recorded = { $at } 已留痕
form-errors = 有 { $count } 处要改，改好再提交

pages = 分页
page-previous = 上一页
page-next = 下一页

list-all = 全部
list-any = 不限
list-more = 更多条件
list-clear = 清除
list-apply = 确定
list-drop = 去掉条件：{ $filter }
list-from = 从
list-to = 到
list-comma = 、
list-semicolon = ；
list-columns = 列
list-compact = 紧凑
list-high = 宽松
list-export = 导出 { $count }
list-rows = { $count } 条
list-pick = 选中 { $row }
list-pick-all = 选中本页
list-selected = 已选中 {"{n}"} 条（本页 {"{here}"} 条）
list-affects = 将影响 {"{n}"} 条，{"{title}"}共 {"{sum}"} {"{unit}"}
list-page-total = 本页合计 · { $count }
list-total = 全部结果合计 · { $count }
list-range = 第 { $first }–{ $last } 条，共 { $count } 条
list-range-later = 第 { $first }–{ $last } 条，总数正在汇总
list-total-later = 合计正在汇总
list-export-all = 导出全部结果
list-size = 每页 { $size }
list-empty = 没有符合条件的记录
list-empty-text = 放宽上面的条件，或清除后再看。
list-error-unknown = 这个列表没有“{ $name }”这个条件。请从页面上的条件重新选择。
list-error-value = 条件“{ $name }”不能是“{ $value }”。请从页面上的条件重新选择。
list-error-twice = 条件“{ $name }”给了两次。请只留一个。
list-error-reversed = 条件“{ $name }”的起点大于终点。请对调。

key-move = 移动
key-open = 打开
key-pick = 选中
key-filter = 筛选

login = 登录
login-user = 用户名
login-password = 口令
login-demo = 演示账簿的用户
password-change = 设置新口令
password-first = 这是您第一次登录，或口令由他人重设。设好新口令后才能继续。
password-old = 现在的口令
password-new = 新口令
password-again = 再输一次
password-hint = 要长：一句话比一串符号好记，也更难猜。
password-set = 设置并继续

error-400 = 请求看不懂
error-400-text = 地址或表单里有这里不认识的内容，什么也没有改动。请返回上一页重新选择。
error-403 = 没有这项权限
error-403-text = 您的角色不能看或做这件事，什么也没有改动。需要时请主管在“用户与权限”里授权。
error-404 = 没有这一页
error-404-text = 地址可能写错了，或这条记录不在您能看的范围内。请从待办或搜索进入。
error-409 = 期间有人改过
error-409-text = 您打开之后，这条记录被别人改了，您的改动没有写入。请重新打开，核对后再提交。
error-500 = 系统出错
error-500-text = 这次操作没有写入。请稍后再试；若仍如此，把下面的编号告诉管理员。
error-home = 回到待办
error-id = 编号

reveal = 查看须填理由
clock-as-of = 业务日截至
clock-known = 按当时所知
clock-show = 查看
clock-back = 回到现在
clock-note = 两个时钟：何时生效 · 何时得知

duty-due = 期限
duty-what = 任务
duty-whom = 客户 · 借据
duty-balance = 余额（元）
duty-source = 依据


date-shape = 年-月-日，如 2026-11-20
clock-now = 现在，或 年-月-日 时:分

view-save = 另存为视图
view-name = 视图名称
view-shared = 共享给能打开此列表的人
view-hint = 保存筛选、排序、列和单位；文字查找的内容不保存。同名视图会被更新。
view-delete = 删除视图“{ $name }”
view-of = 由 { $name } 共享
list-all-rows = 全部
password-expired = 口令已到机构规定的使用期限，请换一个新口令。
login-code = 第二步验证
login-code-text = 请输入验证器应用显示的动态口令，或一个恢复码。
login-code-field = 动态口令
login-code-back = 换一个用户登录
