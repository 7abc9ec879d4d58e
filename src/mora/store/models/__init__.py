"""Tables by room: people and their rights, parties, cases, contact, promises, holds, approvals, the audit chain."""

from mora.store.models.approvals import Approval
from mora.store.models.attachments import Attachment
from mora.store.models.audit import Event
from mora.store.models.cases import Case, CaseLoan, DayRun, Level, Note
from mora.store.models.contact import Attempt
from mora.store.models.holds import Cause, Complaint, Hold, ListEntry
from mora.store.models.intake import DayJob, Upload
from mora.store.models.parties import ContactPoint, Party, PartyRole
from mora.store.models.payments import Payment
from mora.store.models.people import Absence, Branch, Membership, Team, User
from mora.store.models.promises import Promise
from mora.store.models.reminders import Reminder
from mora.store.models.reviews import CheckDone, Review
from mora.store.models.saved import SavedList

__all__ = [
    "Absence", "Approval", "Attachment", "Attempt", "Branch", "Case", "CaseLoan", "Cause", "CheckDone", "Complaint",
    "ContactPoint", "DayJob", "DayRun", "Event", "Hold", "Level", "ListEntry", "Membership", "Note", "Party",
    "PartyRole", "Payment", "Promise", "Reminder", "Review", "SavedList", "Team", "Upload", "User",
]  # fmt: skip
