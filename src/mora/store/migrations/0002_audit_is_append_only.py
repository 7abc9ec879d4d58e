"""Nobody changes or removes an event: the database refuses, whoever asks."""

from typing import Any

from django.db import migrations

_SQLITE = (
    (
        "create trigger store_event_no_update before update on store_event "
        "begin select raise(abort, 'events are never changed'); end"
    ),
    (
        "create trigger store_event_no_delete before delete on store_event "
        "begin select raise(abort, 'events are never removed'); end"
    ),
)
_POSTGRESQL = (
    (
        "create function store_event_refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'events are never changed or removed'; end $$"
    ),
    (
        "create trigger store_event_no_change before update or delete on store_event "
        "for each row execute function store_event_refuse()"
    ),
    (
        "create trigger store_event_no_truncate before truncate on store_event "
        "for each statement execute function store_event_refuse()"
    ),
)
_BACK = {
    "sqlite": ("drop trigger store_event_no_update", "drop trigger store_event_no_delete"),
    "postgresql": (
        "drop trigger store_event_no_change on store_event", "drop trigger store_event_no_truncate on store_event",
        "drop function store_event_refuse()",
    ),
}  # fmt: skip


def forwards(_: Any, editor: Any) -> None:
    for statement in {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def backwards(_: Any, editor: Any) -> None:
    for statement in _BACK[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers on the audit chain."""

    dependencies = [("store", "0001_first")]
    operations = [migrations.RunPython(forwards, backwards)]
