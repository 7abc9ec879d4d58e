"""The fixed words of a statement."""

from __future__ import annotations

from mora.core.words import Words

TITLE = Words("贷款对账单及还款说明", "Statement and repayment guide")
REFERENCE = Words("编号", "Reference")
ISSUED = Words("出具日期", "Date")
AS_OF = Words("数据截至", "Figures as of")
OVERDUE = Words("逾期金额合计", "Overdue in all")
NOTHING = Words("没有逾期款项", "Nothing is overdue")
LATE = Words("最长逾期", "Longest overdue")
FURTHER = Words("每多逾期一天增加", "Each further day adds")
UNKNOWN = Words("未计算", "not worked out")
LOAN = Words("贷款", "Loan")
ENDING = Words("尾号", "ending ")
SINCE = Words("最早未还", "Unpaid since")
DAYS = Words("逾期天数", "Days late")
DUE = Words("已到期应还", "Fallen due")
PAID = Words("已还", "Paid")
RELIEVED = Words("减免等", "Waived etc.")
OPEN = Words("逾期未还", "Overdue")
TOTAL = Words("合计", "Total")
PARTS = Words("逾期金额的构成", "What the overdue amount consists of")
ACCOUNT = Words("账务明细", "Your account")
EACH = Words("各笔贷款", "Your loans")
COMPONENT = Words("项目", "Component")
COMPONENT_WORDS = (
    Words("本金", "Principal"), Words("利息", "Interest"), Words("费用", "Fees"), Words("罚息", "Late interest"),
    Words("复利", "Compound"),
)  # fmt: skip
PRINCIPAL_LEFT = Words("剩余本金", "Principal outstanding")
PAYOFF = Words("当日全部结清", "Settles the loan that day")
NEXT = Words("下期应还", "Next payment")
HOW_TO_PAY = Words("如何还款", "How to pay")
ASK = Words("向谁咨询", "Whom to ask")
RIGHTS = Words("您的权利", "Your rights")
RIGHT_DISPUTE = Words(
    "查询与异议：您有权查询账务明细；对任何一项金额有异议，请告诉我们，我们核实后答复您。",
    "Ask and dispute: you may ask how any figure came about. If you dispute one, tell us; we look into it and answer.",
)
RIGHT_COMPLAIN = Words("投诉：", "Complain: ")
RIGHT_COMPLAIN_ELSEWHERE = Words(
    "对处理结果不满意的，可以向以下渠道反映：", "If you are not satisfied, you can turn to: "
)
RIGHT_HARDSHIP = Words(
    "还款有困难时：您可以申请延期、分期等安排，申请不收费，我们会按您的收入和必要开支来商量。",
    "If paying is difficult: you may ask for more time or instalments. Asking costs nothing; we look at your income "
    "and what you need to live on.",
)
RIGHT_ADVICE = Words("听取独立意见：", "Independent advice: ")
ADVICE_UNKNOWN = Words(
    "我们没有掌握您所在地区的独立咨询机构。", "we do not know of an independent adviser where you live."
)
HOW_COUNTED = Words(
    "“已到期应还”为截至当日已到期的全部款项；罚息、复利按合同约定计算。本说明仅供核对，以合同和实际账务为准。",
    "'Fallen due' is everything that had fallen due by that day; late and compound interest are as the agreement "
    "provides. This statement is for checking; the agreement and the account decide.",
)
SEVERAL = Words("不同币种分别列示，不作合并。", "Each currency stands by itself; they are not added up.")
PAGE = Words("第 {} 页，共 {} 页", "Page {} of {}")
CURRENCY_NAMES = {
    "CNY": Words("人民币", "Renminbi"), "USD": Words("美元", "US dollars"), "EUR": Words("欧元", "Euros"),
    "GBP": Words("英镑", "Pounds sterling"), "HKD": Words("港元", "Hong Kong dollars"), "JPY": Words("日元", "Yen"),
}  # fmt: skip
