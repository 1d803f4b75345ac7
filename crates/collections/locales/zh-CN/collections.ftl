# 催收：各室共用的词

action-case-view = 查看催收案件
action-case-work = 办理催收案件
action-case-assign = 分派催收案件
action-stop-flag-set = 设置停催标记
action-stop-flag-lift = 解除停催标记
action-contact-open = 在法律限度内放开联系
action-letter-issue = 出具催收函件
action-limitation-record = 登记时效中断与保证主张
action-legal-manage = 办理法律手段
