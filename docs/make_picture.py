"""Makes the README's picture of a report: the first screens of a report file, as a small PNG.

    python docs/make_picture.py REPORT.html [docs/pictures/day.png]

Needs playwright and a Chromium (Debian's ``chromium``; another one's path in ``CHROMIUM``).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1100, 1270
"""Key figures, ladder, class and provision table: what a reader should see first."""

LIMIT = 250_000
"""Bytes. A picture in a repository is fetched by everyone."""

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def make_picture(report: Path, picture: Path) -> int:
    """Photograph the top of ``report`` into ``picture`` and return its size in bytes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        whole = int(page.evaluate("document.documentElement.scrollHeight"))
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=str(picture), clip={"x": 0, "y": 0, "width": WIDTH, "height": min(HEIGHT, whole)}, full_page=True
        )
        browser.close()
    return picture.stat().st_size


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent / "pictures" / "day.png"
    size = make_picture(Path(sys.argv[1]), target)
    print(f"{target}: {size:,} bytes")
    if size > LIMIT:
        sys.exit(f"larger than {LIMIT:,} bytes; shorten HEIGHT")
