"""What to do here: three to five steps for each role, on its first page, until the person puts them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mora.core.words import Words


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what it is called, how it goes, its key, and the page where it is done."""

    title: Words
    text: Words
    key: str = ""
    page: str = ""


_TAKE = Step(
    Words("领取案件", "Take a case"),
    Words(
        "最紧要的案件先归您处理，并写明排在最前的原因。",
        "The most pressing one is yours, with the reason why it comes first.",
    ),
    key="n",
)
_MAY_I = Step(
    Words("先看能否联系", "See whether you may call"),
    Words(
        "案件页写明每个号码此刻能否联系、今日还可几次、依据哪一条。",
        "The case says for each number whether you may contact it now, how often still today, and by which rule.",
    ),
)
_WHY = Step(
    Words("看清欠款缘由", "Know what is owed, and why"),
    Words("每笔贷款一行，缘由逐日逐分列明。", "Each loan has its row; it is explained to the day and the cent."),
    key="e",
)
_RECORD = Step(
    Words("登记结果", "Record what became of it"),
    Words(
        "按数字键选结果，回车登记，随即进入下一案件。",
        "A digit says it, Enter records it, and the next case follows.",
    ),
    key="1…0",
)
_PROMISE = Step(
    Words("登记承诺", "Take a promise"),
    Words(
        "金额可写 12万，日期可写 +7 或 下周五；登记前会显示系统的理解。",
        "Write 1,234.56 or 12万, and +7 or friday; you see how it was understood before you record it.",
    ),
    key="p",
)
_NOTE = Step(
    Words("写明意见", "Write down what you found"),
    Words("备注随案件留存，后来的人都能看到。", "A note stays with the case for whoever comes after you."),
    key="w",
)
_APPROVE = Step(
    Words("审批", "Decide what waits"),
    Words(
        "超出权限的事项在此等候第二人决定；自己提出的不能自己批准。",
        "What needs a second pair of eyes waits here; nobody decides what he or she asked for.",
    ),
    page="approvals",
)
_PORTFOLIO = Step(
    Words("看资产质量", "Look at the whole book"),
    Words(
        "账龄、分类、迁徙与趋势，可选账簿、日期和币种。", "Ladder, classes, roll and trend, by book, day and currency."
    ),
    page="portfolio",
)
_FILTER = Step(
    Words("找出要看的案件", "Find the cases to look at"),
    Words(
        "按级别、产品、机构和欠款筛选；按表头排序。",
        "Filter by level, product, branch and arrears; a column's head sorts by it.",
    ),
)

STEPS: Mapping[str, tuple[Step, ...]] = {
    "collector": (_TAKE, _MAY_I, _WHY, _RECORD, _PROMISE),
    "account_manager": (
        _TAKE,
        _MAY_I,
        Step(
            Words("先问明原因", "Ask why, first"),
            Words(
                "客户刚刚逾期：问明原因并登记，确有困难的可申请停催。",
                "They are only just late: ask why and record the cause; a hold is there for those in trouble (h).",
            ),
            key="k",
        ),
        _PROMISE,
    ),
    "risk_reviewer": (_FILTER, _WHY, _NOTE, _APPROVE, _PORTFOLIO),
    "legal_officer": (
        _FILTER,
        _WHY,
        Step(
            Words("核对停催与投诉", "Check holds and complaints"),
            Words(
                "有异议、投诉、破产或身故等情形的，案件页会写明；新的情形在此登记。",
                "Disputes, complaints, insolvency or death stand on the case; record a new one there.",
            ),
            key="h",
        ),
        _NOTE,
    ),
    "team_leader": (
        Step(
            Words("看板", "See how the team stands"),
            Words(
                "超过时限的案件、今日联络与承诺、谁手上没有案件。",
                "Cases over their clock, today's contacts and promises, who has no case.",
            ),
            page="board",
        ),
        Step(
            Words("分派与置顶", "Hand out and pin"),
            Words(
                "在案件页把案件交给组员，或置于队列最前。",
                "On a case: give it to somebody of the team, or put it on top.",
            ),
        ),
        _APPROVE,
        _PORTFOLIO,
    ),
    "manager": (
        _PORTFOLIO,
        Step(
            Words("看各组", "See every team"),
            Words(
                "每组未结、待办和超时的案件；点数字可看明细。",
                "Open, waiting and overdue cases of each; a figure leads to its list.",
            ),
            page="board",
        ),
        _APPROVE,
        Step(
            Words("确认数据已更新", "Make sure that figures are of today"),
            Words("数据库、贷款簿和最近日终是否正常。", "Whether database, book and the last day run are well."),
            page="health-page",
        ),
    ),
    "auditor": (
        Step(
            Words("核验记录", "Verify the record"),
            Words(
                "每条记录与前一条相连；抄下链尾另存，日后即可证明未被改动。",
                "Each event holds on to the one before; keep the last one elsewhere and any change can be shown.",
            ),
            page="audit",
        ),
        Step(
            Words("抽查案件", "Look into cases"),
            Words(
                "案件、联络和承诺都可查看，但不能改动。",
                "Every case, contact and promise can be seen; nothing can be changed.",
            ),
            page="queue",
        ),
        Step(
            Words("对照权限", "Compare the rights"),
            Words("谁可以做什么、到什么范围。", "Who may do what, and how far."),
            page="rights",
        ),
    ),
    "agency": (
        Step(
            Words("领取受托案件", "Take a case placed with you"),
            Words(
                "只能看到委托给本机构的案件，姓名和号码以掩码显示。",
                "You see what was placed with your agency only, names and numbers masked.",
            ),
            key="n",
        ),
        _MAY_I,
        _RECORD,
        _PROMISE,
    ),
    "administrator": (
        Step(
            Words("先建小组", "Make the teams first"),
            Words(
                "每个处理案件的角色至少一个小组，案件按级别归入；有机构的按机构设。",
                "One for each role that works cases, so that they come to somebody; by branch if you like.",
            ),
            page="teams",
        ),
        Step(
            Words("再加人员", "Then add people"),
            Words(
                "初始密码只显示一次，首次登录须更改；有审批权的角色须第二人同意。",
                "The first password is shown once; a role that approves needs a second person.",
            ),
            page="people-add",
        ),
        Step(
            Words("核对权限", "Check the rights"),
            Words(
                "该页即现行权限，读自机构的权限文件；须复核的事项列在表下。",
                "That page is the rights file as it holds; what needs a second person stands below it.",
            ),
            page="rights",
        ),
        Step(
            Words("看运行状态", "See that it is well"),
            Words("数据库、贷款簿和最近日终是否正常。", "Whether database, book and the last day run are well."),
            page="health-page",
        ),
        Step(
            Words("设置二次验证", "Set up your second factor"),
            Words("管理员账号应开启身份验证器。", "An administrator's log-in should ask for one."),
            page="mfa_index",
        ),
    ),
}


def steps_for(role: str) -> tuple[Step, ...]:
    """The steps of a role, in order."""
    return STEPS.get(role, ())
