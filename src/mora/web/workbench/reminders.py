"""Saying that a reminder was sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mora.casework import reminders
from mora.store.models import Case, Reminder
from mora.web.workbench.acting import act, stay
from mora.web.workbench.asked import now, page


@page("record_attempt", "POST")
@act("remind")
def sent(request: HttpRequest, case: Case, reminder: int) -> HttpResponse:
    """It was sent."""
    held = get_object_or_404(Reminder.objects.select_related("promise__case", "point"), pk=reminder, promise__case=case)
    reminders.sent(request.user, held, now())
    return stay(request, case, _("Recorded as sent."))
