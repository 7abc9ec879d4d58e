"""What people call the gate's and the work's closed lists, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from mora.core.words import Words

CHANNEL: Mapping[str, Words] = {
    "voice": Words("电话", "Call"), "voice_robot": Words("机器人外呼", "Robot call"),
    "voice_notice": Words("语音通知", "Voice notice"), "sms": Words("短信", "Text"), "email": Words("邮件", "E-mail"),
    "im": Words("即时消息", "Message"), "letter": Words("信函", "Letter"), "visit": Words("外访", "Visit"),
    "interview": Words("面谈", "Interview"),
}  # fmt: skip

RESULT: Mapping[str, Words] = {
    "no_answer": Words("无人接听", "No answer"), "right_party": Words("本人接通", "Spoke with the borrower"),
    "busy": Words("占线", "Busy"), "voicemail": Words("语音信箱", "Voicemail"), "rejected": Words("拒接", "Declined"),
    "not_in_service": Words("停机或空号", "Not in service"), "wrong_party": Words("接听人无关", "Wrong person"),
    "third_party": Words("第三人接听", "Third person"),
    "third_party_refused": Words("第三人要求勿扰", "Third person: do not call"),
    "dropped": Words("接通即断", "Cut off"), "connected": Words("已接通，身份不明", "Answered, not known by whom"),
    "sent": Words("已发送", "Sent"), "delivered": Words("已送达", "Delivered"),
    "undeliverable": Words("无法送达", "Undeliverable"), "not_met": Words("未遇见本人", "Not met"),
}  # fmt: skip

HOLD: Mapping[str, Words] = {
    "hardship": Words("财务困难", "Hardship"), "vulnerable": Words("弱势客户", "Vulnerable customer"),
    "plan_being_made": Words("正在商定还款安排", "A plan is being made"),
    "plan_in_force": Words("还款安排履行中", "A plan is in force"), "dispute": Words("异议", "Dispute"),
    "complaint": Words("投诉", "Complaint"), "represented": Words("由代理人处理", "Represented"),
    "bankruptcy": Words("破产", "Insolvency"), "death": Words("身故", "Death"),
    "breathing_space": Words("债务喘息期", "Breathing space"),
    "breathing_space_crisis": Words("债务喘息期（精神健康危机）", "Breathing space (mental-health crisis)"),
    "military": Words("服役", "Military service"), "cease_requested": Words("要求停止联络", "Asked to cease contact"),
    "opted_out": Words("拒绝该联系方式", "Refused this channel"),
    "inconvenient_time": Words("时段不便", "Inconvenient time"),
    "inconvenient_place": Words("地点不便", "Inconvenient place"),
    "employer_forbids": Words("单位不允许", "Employer forbids"),
    "no_work_calls": Words("请勿致电单位", "No calls at work"),
    "barred_stated": Words("主张时效届满", "Says the debt is barred"), "fraud": Words("冒名贷款", "Fraud claimed"),
}  # fmt: skip

PROMISE: Mapping[str, Words] = {
    "open": Words("未到期", "Open"), "kept": Words("已履行", "Kept"), "partly": Words("部分履行", "Partly kept"),
    "broken": Words("违诺", "Broken"), "superseded": Words("已被新承诺取代", "Superseded"),
    "lapsed": Words("债权已转让，不再评定", "Sold, no longer judged"),
}  # fmt: skip

LEFT: Mapping[str, Words] = {
    "paid_off": Words("已结清", "paid off"), "sold": Words("债权已转让", "sold"),
    "current": Words("不再逾期", "no longer late"), "unknown": Words("账簿中已无此贷款", "no longer in the book"),
}  # fmt: skip
"""Why a loan is no longer in a case."""

OUTCOME: Mapping[str, Words] = {
    "allowed": Words("可以联系", "Allowed"), "warned": Words("可联系，请先阅读", "Allowed, read first"),
    "refused": Words("不可联系", "Not allowed"),
}  # fmt: skip

SKILL: Mapping[str, Words] = {
    "english": Words("英语", "English"), "uyghur": Words("维吾尔语", "Uyghur"), "tibetan": Words("藏语", "Tibetan"),
    "mongolian": Words("蒙古语", "Mongolian"), "kazakh": Words("哈萨克语", "Kazakh"),
    "cantonese": Words("粤语", "Cantonese"), "mortgage": Words("按揭贷款", "Mortgages"),
    "business": Words("经营性贷款", "Business loans"), "auto": Words("车贷", "Car loans"),
}  # fmt: skip

LIST: Mapping[str, Words] = {
    "white": Words("白名单", "White list"), "black": Words("黑名单", "Black list"),
    "watch": Words("重点关注名单", "Watch list"),
}  # fmt: skip

SKIP: Mapping[str, Words] = {
    "no_answer_expected": Words("此时难以接通", "Not reachable at this hour"),
    "wrong_skill": Words("需要其他专业", "Needs another skill"), "language": Words("语言不通", "Language"),
    "needs_leader": Words("需组长处理", "Needs the leader"), "other": Words("其他", "Other"),
}  # fmt: skip

RIGHT: Mapping[str, Words] = {
    "see_case": Words("查看案件", "See a case"), "work_case": Words("处理案件", "Work on a case"),
    "take_next": Words("领取下一案件", "Take the next case"), "record_attempt": Words("登记联络", "Record a contact"),
    "take_promise": Words("登记承诺", "Take a promise"),
    "write_note": Words("写备注、登记成因", "Write notes and causes"),
    "reveal": Words("查看完整信息", "Reveal personal data"), "set_hold": Words("停催与解除", "Set and lift holds"),
    "take_complaint": Words("受理投诉与异议", "Take complaints and disputes"),
    "assign_case": Words("分派、置顶案件", "Assign and pin cases"), "close_case": Words("结案", "Close a case"),
    "approve": Words("审批", "Approve"), "see_board": Words("查看看板", "See the board"),
    "see_portfolio": Words("查看资产质量", "See the portfolio"),
    "see_audit": Words("查看审计记录", "See the audit chain"),
    "see_rights": Words("查看权限表", "See the rights"), "manage_people": Words("管理人员", "Manage people"),
    "run_day": Words("运行日终", "Run the day"), "import_book": Words("导入账簿", "Bring in the loan book"),
    "see_health": Words("查看运行状态", "See the health page"),
    "export": Words("导出名单", "Export lists"),
    "list_party": Words("申请列入、解除名单", "Ask for list entries and end them"),
    "manage_team": Words("管理本组人员", "Look after the team"),
    "open_withdrawn": Words("下载已撤回的文件", "Open withdrawn files"),
    "see_complaints": Words("查看投诉与异议", "See complaints and disputes"),
    "answer_complaint": Words("答复投诉与异议", "Answer complaints and disputes"),
    "review_case": Words("风险复核、出具意见", "Give opinions in a review"),
    "decide_review": Words("复核意见不一致时裁定", "Decide where opinions differ"),
    "prepare_court": Words("准备诉讼材料", "Prepare for court"),
    "attach_file": Words("上传文件", "Keep files"), "open_file": Words("下载文件", "Open files"),
    "see_lists": Words("查看名单", "See the lists"),
}  # fmt: skip

REACH: Mapping[str, Words] = {
    "own": Words("本人", "own"), "team": Words("本组", "team"), "placed": Words("受托", "placed"),
    "all": Words("全部", "all"),
}  # fmt: skip

ACT: Mapping[str, Words] = {
    "hold_over_days": Words("超期停催", "Hold beyond the limit"), "list_entry": Words("名单登记", "List entry"),
    "close_by_hand": Words("人工结案", "Close by hand"), "waiver": Words("息费减免", "Waiver"),
    "bulk_reveal": Words("批量查看完整信息", "Bulk reveal"), "grant_role": Words("授予角色", "Giving a role"),
}  # fmt: skip

EVENT: Mapping[str, Words] = {
    "case.open": Words("立案", "Case opened"), "case.close": Words("结案", "Case closed"),
    "case.escalate": Words("升级", "Moved up a level"), "case.ease": Words("降级", "Moved down a level"),
    "case.take": Words("领取", "Taken up"), "case.snooze": Words("搁置", "Put aside"),
    "case.wake": Words("取消搁置", "Taken back from aside"), "case.skip": Words("跳过", "Skipped"),
    "case.pin": Words("置顶", "Pinned"), "case.unpin": Words("取消置顶", "Unpinned"),
    "case.assign": Words("分派", "Assigned"), "case.place": Words("委外", "Placed with an agency"),
    "note.write": Words("写备注", "Note written"),
    "note.withdraw": Words("撤回备注", "Note withdrawn"), "cause.say": Words("登记成因", "Cause recorded"),
    "hold.set": Words("停催", "Hold set"), "hold.ask": Words("申请停催", "Longer hold asked for"),
    "hold.lift": Words("解除停催", "Hold lifted"), "complaint.take": Words("受理投诉", "Complaint taken"),
    "dispute.take": Words("受理异议", "Dispute taken"), "reveal": Words("查看完整信息", "Personal data revealed"),
    "contact.record": Words("登记联络", "Contact recorded"),
    "contact.against_gate": Words("违反准入的联络", "Contact against the gate"),
    "promise.take": Words("登记承诺", "Promise taken"), "promise.kept": Words("承诺履行", "Promise kept"),
    "promise.partly": Words("承诺部分履行", "Promise partly kept"), "promise.broken": Words("违诺", "Promise broken"),
    "approval.granted": Words("批准", "Granted"), "approval.denied": Words("不予批准", "Denied"),
    "person.make": Words("新增人员", "Person made"),
    "person.ask": Words("申请授予角色", "Role asked for"),
    "person.place": Words("调整角色与小组", "Role and teams set"),
    "person.tell": Words("修改人员资料", "Person's particulars changed"),
    "person.disable": Words("停用人员", "Person disabled"), "person.enable": Words("启用人员", "Person enabled"),
    "person.password": Words("重设初始密码", "New first password given"),
    "person.own_password": Words("本人修改密码", "Own password chosen"),
    "person.factor": Words("重置二次验证", "Second factor reset"),
    "person.unlock": Words("解除登录锁定", "Log-in unlocked"),
    "team.make": Words("新增小组", "Team made"), "team.change": Words("修改小组", "Team changed"),
    "branch.make": Words("新增机构", "Branch made"), "branch.change": Words("修改机构", "Branch changed"),
    "file.withdraw": Words("撤回文件", "File withdrawn"), "file.restore": Words("恢复文件", "File put back"),
    "list.export": Words("导出名单", "List exported"),
    "list.ask": Words("申请列入名单", "List entry asked for"), "list.enter": Words("列入名单", "Put on a list"),
    "list.end": Words("解除名单", "Taken off a list"),
    "case.call_back": Words("约定回电", "Call-back promised"), "case.share": Words("自动分案", "Shared out"),
    "person.away": Words("登记离岗", "Absence recorded"), "person.back": Words("登记返岗", "Came back"),
    "person.able": Words("调整技能与上限", "Skills and capacity set"),
    "credit.take": Words("受理征信异议", "Credit-data objection taken"),
    "complaint.answer": Words("答复投诉", "Complaint answered"),
    "dispute.answer": Words("答复异议", "Dispute answered"),
    "credit.answer": Words("答复征信异议", "Credit-data objection answered"),
    "promise.lapsed": Words("债权已转让，承诺不再评定", "Promise no longer judged: the claim was sold"),
    "loan.leave": Words("贷款移出案件", "A loan left the case"),
    "promise.superseded": Words("承诺被新承诺取代", "Promise superseded"),
    "remind.cleared": Words("提醒可以发送", "Reminder may be sent"),
    "remind.sent": Words("提醒已发送", "Reminder sent"),
    "remind.refused": Words("提醒不得发送", "Reminder refused by the gate"),
    "remind.drop": Words("提醒已无须发送", "Reminder no longer needed"),
    "clock.met": Words("级别时限内办结", "Level's clock stopped"),
    "clock.over": Words("级别超时，已上报", "Level's clock ran out, escalated"),
    "clock.extend": Words("延长级别时限", "More time given"),
    "review.first": Words("复核第一意见", "First opinion"), "review.second": Words("复核第二意见", "Second opinion"),
    "review.decide": Words("复核裁定", "Review decided"), "court.check": Words("诉讼材料办结", "Court item done"),
    "court.uncheck": Words("诉讼材料撤回", "Court item taken back"),
    "court.ready": Words("诉讼材料齐备", "Ready for court"),
    "file.attach": Words("上传文件", "File kept"), "file.open": Words("下载文件", "File opened"),
    "case.kept": Words("名单内，未自动升级", "Kept at its level by a list"),
    "audit.verify": Words("核验审计链", "Audit chain verified"),
    "book.upload": Words("上传账簿文件", "Files brought in"), "book.import": Words("导入账簿", "Book imported"),
    "book.refuse": Words("拒绝导入", "Import refused"),
    "book.set_aside": Words("下载搁置的行", "Rows set aside taken out"),
    "day.ask": Words("要求运行日终", "Day asked for"), "day.done": Words("日终完成", "Day done"),
    "day.refused": Words("日终被拒绝", "Day refused"), "day.failed": Words("日终失败", "Day failed"),
    "report.take": Words("下载日终报告", "Report of the day taken out"),
}  # fmt: skip

DETAIL: Mapping[str, Words] = {
    "able": Words("能力", "able"), "act": Words("事项", "act"), "after": Words("之后", "after"),
    "amount_minor": Words("金额（最小单位）", "minor units"), "asked_by": Words("申请人", "asked by"),
    "because": Words("原因", "because"), "before": Words("之前", "before"), "between": Words("意见", "between"),
    "capacity": Words("案件上限", "most cases"), "changed": Words("有变化", "changed"),
    "channel": Words("渠道", "channel"), "day": Words("日期", "day"), "days_past_due": Words("逾期天数", "days late"),
    "deputy": Words("代理人", "deputy"), "due": Words("时限", "due"), "field": Words("字段", "field"),
    "file": Words("文件", "file"), "files": Words("文件", "files"), "hold": Words("停催", "hold"),
    "import_id": Words("导入编号", "import"), "in": Words("读入", "in"), "item": Words("事项", "item"),
    "job": Words("任务", "job"), "kept": Words("留下", "kept"), "kind": Words("类型", "kind"),
    "level": Words("级别", "level"), "note": Words("备注", "note"), "owner": Words("负责人", "owner"),
    "promise": Words("承诺", "promise"), "received": Words("收到", "received"), "result": Words("结果", "result"),
    "review": Words("复核", "review"), "role": Words("岗位", "role"), "rows": Words("行数", "rows"),
    "set_aside": Words("搁置", "set aside"), "since": Words("自", "since"), "skills": Words("技能", "skills"),
    "subject_of": Words("对象", "of"), "team": Words("小组", "team"), "to": Words("交给", "to"),
    "unchanged": Words("已有", "there before"), "until": Words("至", "until"), "view": Words("意见", "view"),
    "why": Words("原因", "why"), "willing": Words("意愿", "willing"),
}  # fmt: skip
"""What an event carries beside its reason, by name; a name that is not here is shown as it is recorded."""

NIGHT: Mapping[str, Words] = {
    "age": Words("计算逾期、分类与拨备", "How late, which class, what provision"),
    "cases": Words("更新案件", "Cases follow"), "promises": Words("核对承诺", "Promises are judged"),
    "levels": Words("到期升级、分案", "Overdue levels go up, cases are shared out"),
    "report": Words("生成报告", "The report is written"),
}  # fmt: skip
"""Steps of the night, in their order (casework/nightly.py)."""


def named(table: Mapping[str, Words], key: str) -> Words:
    """The words for a key; the key itself where a lender's own list goes further."""
    return table.get(key, Words(key, key))
