### 集团授信：关联与担保的图、担保圈与担保链、合计敞口。

group-title = 关联与集团授信
group-open = 关联与敞口
group-parties = 关联方
group-exposure = 合计贷款余额（元）
group-overdue = 合计逾期（元）
group-circles = 担保圈
group-chains = 担保链
group-cut = 关联方较多，只显示制度规定的范围；更远的关联方请从其客户页查看。
group-hidden = 另有 { $count } 户不在您的数据权限内，未列出，也未计入合计。
group-picture = 关系图
group-picture-note = 箭头指向被担保或被关联的一方；实线为对债务负责的关系
group-alone = 没有登记关联方。登记关系人或担保后，这里显示关系图与合计敞口。
group-rings = 担保圈与担保链
group-rings-note = 圈内各方直接或间接互相保证；链上一方违约会逐级传导
group-circle = 担保圈
group-chain = 担保链
group-members = 成员
group-member = 成员
group-relations = 关系
group-is = { $name } 的{ $kind }
group-loans = 借据
group-total = 合计 { $count } 方
