"""A file onto a case, and out of it again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mora.casework import attachments
from mora.casework.rights import NotAllowed
from mora.core.errors import Refused
from mora.store.models import Attachment, Case
from mora.web.refused import sentence
from mora.web.workbench.acting import act, stay
from mora.web.workbench.asked import now, page


@page("attach_file", "POST")
@act("file", file_about=200)
def attach(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep a file."""
    sent, asked = request.FILES.get("file"), request.POST
    attachments.attach(
        request.user, case, kind=asked.get("file_kind", ""), about=asked.get("file_about", ""),
        name=sent.name if sent else "", content=sent.read() if sent else b"", size=sent.size if sent else 0, at=now(),
        key=asked.get("key", ""),
    )  # fmt: skip
    return stay(request, case, _("File kept."))


@page("see_case", "POST")
@act("withdraw")
def withdraw(request: HttpRequest, case: Case, file: str) -> HttpResponse:
    """Strike a file, with the reason."""
    made = get_object_or_404(Attachment.objects.select_related("case"), pk=file, case=case)
    attachments.withdraw(request.user, made, request.POST.get("withdraw_why", ""), now())
    return stay(request, case, _("File withdrawn; it stays in evidence. You can put it back for ten minutes."))


@page("see_case", "POST")
@act("withdraw")
def restore(request: HttpRequest, case: Case, file: str) -> HttpResponse:
    """Undo one's own withdrawal."""
    made = get_object_or_404(Attachment.objects.select_related("case"), pk=file, case=case)
    attachments.restore(request.user, made, now())
    return stay(request, case, _("File put back."))


@page("open_file")
def fetch(request: HttpRequest, case: Case, file: str) -> HttpResponse:
    """The file, to be saved by the browser and not shown in it."""
    made = get_object_or_404(Attachment, pk=file, case=case)
    try:
        opened = attachments.open_file(request.user, made, now())
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("case", number=case.number)
    response = HttpResponse(opened.content, content_type=opened.media)
    response["Content-Disposition"] = content_disposition_header(True, opened.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
