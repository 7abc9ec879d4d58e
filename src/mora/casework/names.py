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
}  # fmt: skip

OUTCOME: Mapping[str, Words] = {
    "allowed": Words("可以联系", "Allowed"), "warned": Words("可联系，请先阅读", "Allowed, read first"),
    "refused": Words("不可联系", "Not allowed"),
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
    "run_day": Words("运行日终", "Run the day"), "see_health": Words("查看运行状态", "See the health page"),
    "export": Words("导出名单", "Export lists"),
}  # fmt: skip

REACH: Mapping[str, Words] = {
    "own": Words("本人", "own"), "team": Words("本组", "team"), "placed": Words("受托", "placed"),
    "all": Words("全部", "all"),
}  # fmt: skip

ACT: Mapping[str, Words] = {
    "hold_over_days": Words("超期停催", "Hold beyond the limit"), "list_entry": Words("名单登记", "List entry"),
    "close_by_hand": Words("人工结案", "Close by hand"), "waiver": Words("息费减免", "Waiver"),
    "bulk_reveal": Words("批量查看完整信息", "Bulk reveal"),
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
    "person.make": Words("新增人员", "Person made"), "list.export": Words("导出名单", "List exported"),
    "audit.verify": Words("核验审计链", "Audit chain verified"),
}  # fmt: skip


def named(table: Mapping[str, Words], key: str) -> Words:
    """The words for a key; the key itself where a lender's own list goes further."""
    return table.get(key, Words(key, key))
