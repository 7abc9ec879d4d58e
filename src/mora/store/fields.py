"""A model field whose value is sealed for its row."""

from __future__ import annotations

from typing import Any

from django.db import models

from mora.store.sealing import Sealed, seal, unseal


class SealedField(models.TextField):
    """Text of a person, sealed on its way in; what comes back is a :class:`Sealed`, opened only by :meth:`open`.

    The model's primary key must exist before saving (a UUID does), since the value is bound to it.
    """

    def _place(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}.{self.name}:{instance.pk}"

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | None:
        """As it lies in the database."""
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        """Forms and fixtures give plain text."""
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002
        """Seal plain text; leave what is sealed already."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            value = Sealed(seal(value, self._place(model_instance)) if value else "")
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> str | None:
        """What is stored."""
        if isinstance(value, Sealed):
            return value.text
        return None if value is None else str(value)

    def open(self, instance: models.Model) -> str:
        """The plain text of an instance's field. Only :mod:`mora.casework` calls this, and records it."""
        value = getattr(instance, self.attname)
        if isinstance(value, str) or value is None:
            return value or ""
        return unseal(value.text, self._place(instance)) if value.text else ""
