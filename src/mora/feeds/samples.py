"""Where are the real samples? They may not be given on, so they live outside the repository.

``MORA_SAMPLES`` names their folder; without it, ``../shared/data`` beside the project. A stranger without them uses
the synthetic book.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MORA_SAMPLES"
BESIDE_PROJECT = Path(__file__).parents[3] / ".." / "shared" / "data"


def samples_folder() -> Path | None:
    """The folder of real samples, or None when there is none."""
    folder = Path(os.environ.get(VARIABLE) or BESIDE_PROJECT)
    return folder.resolve() if folder.is_dir() else None


def sample(name: str) -> Path | None:
    """One sample's folder (``cmbs_abs_ee``, ``bullet_loans_500``), or None when it is not there."""
    folder = samples_folder()
    return folder / name if folder is not None and (folder / name).is_dir() else None
