"""The app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the work."""

    name = "mora.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
