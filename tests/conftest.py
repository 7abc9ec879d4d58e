"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("mora", deadline=None)
settings.load_profile("mora")
"""How long an example takes says how busy the machine is, not whether the property holds."""
