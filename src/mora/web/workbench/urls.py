"""Every address of the workbench. Each view says the right it asks for; a test holds the table to the rights."""

from django.urls import path
from django.views.generic import RedirectView

from mora.web.workbench import (
    approvals,
    audit,
    board,
    case,
    explain,
    export,
    health,
    language,
    next_case,
    portfolio,
    promise,
    queue,
    record,
    reveal,
    rights,
    small_acts,
    timeline,
)  # fmt: skip

_CASE = "cases/<str:number>/"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="queue"), name="home"),
    path("queue/", queue.show, name="queue"),
    path("queue/next/", next_case.take, name="next"),
    path("queue/export/", export.export, name="export"),
    path(_CASE, case.show, name="case"),
    path(f"{_CASE}holder/", case.hold, name="case-holder"),
    path(f"{_CASE}record/", record.record, name="case-record"),
    path(f"{_CASE}promise/", promise.take, name="case-promise"),
    path(f"{_CASE}promise/understood/", promise.understood, name="case-understood"),
    path(f"{_CASE}notes/", small_acts.note, name="case-note"),
    path(f"{_CASE}notes/<int:note>/withdraw/", small_acts.withdraw, name="case-note-withdraw"),
    path(f"{_CASE}cause/", small_acts.cause, name="case-cause"),
    path(f"{_CASE}holds/", small_acts.hold, name="case-hold"),
    path(f"{_CASE}holds/<int:hold>/lift/", small_acts.lift, name="case-hold-lift"),
    path(f"{_CASE}complaints/", small_acts.complaint, name="case-complaint"),
    path(f"{_CASE}aside/", small_acts.aside, name="case-aside"),
    path(f"{_CASE}wake/", small_acts.wake, name="case-wake"),
    path(f"{_CASE}skip/", small_acts.skip, name="case-skip"),
    path(f"{_CASE}assign/", small_acts.assign, name="case-assign"),
    path(f"{_CASE}pin/", small_acts.pin, name="case-pin"),
    path(f"{_CASE}reveal/", reveal.reveal, name="case-reveal"),
    path(f"{_CASE}why/<str:loan>/", explain.explain, name="case-explain"),
    path(f"{_CASE}timeline/", timeline.timeline, name="case-timeline"),
    path("board/", board.show, name="board"),
    path("approvals/", approvals.show, name="approvals"),
    path("approvals/<uuid:asked>/", approvals.decide, name="approval-decide"),
    path("portfolio/", portfolio.show, name="portfolio"),
    path("rights/", rights.show, name="rights"),
    path("audit/", audit.show, name="audit"),
    path("audit/verify/", audit.verify, name="audit-verify"),
    path("health/", health.machine, name="health"),
    path("health/page/", health.show, name="health-page"),
    path("language/", language.change, name="language"),
]
