"""The thin Django project: settings, addresses, pages. Pages parse, ask :mod:`mora.casework`, and render."""
