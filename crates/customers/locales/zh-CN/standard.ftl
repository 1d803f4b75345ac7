### 分类标准：每一分类轴的类别、条件与措施。

standard-title = 分类标准
standard-note = 现行制度中各分类轴的标准、方法与措施，可打印
standard-axis = 分类轴
standard-of-axis = { $axis }：分类标准与措施
standard-of = 适用客户
standard-classes = 类别
standard-class = 类别
standard-conditions = 标准（满足其一）
standard-measures = 服务与风险措施
standard-review = 评定间隔（月）
standard-articles = 依据条款
standard-version = 制度版本
standard-print = 打印
standard-condition = { $fact }：{ $value }
standard-noted = （{ $note }）
standard-and = ；{" "}
standard-or = {" "}｜{" "}
standard-otherwise = 其余情形
standard-plan = 制定{ $plan }
action-standard-print = 打印分类标准
policy-column-rating_service = 服务
policy-column-rating_risk = 风险措施
policy-column-category_service = 服务
policy-column-category_risk = 风险措施
