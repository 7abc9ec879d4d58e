"""Write the verdict beside each worked request in docs/examples/gate, as `mora gate REQUEST.json` prints it.

PYTHONPATH=src python docs/make_gate_examples.py
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from mora.cli.gate import answer
from mora.gate import Gate
from mora.gate.reading import read_request

FOLDER = Path(__file__).parent / "examples" / "gate"


def requests() -> list[Path]:
    """The worked requests, in their order."""
    return sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".verdict.json"))


def verdict_of(path: Path) -> str:
    """The verdict on a request, by the prudent house."""
    verdict = Gate.of().ask(read_request(path.read_bytes(), path.name))
    return msgspec.json.format(msgspec.json.encode(answer(verdict)), indent=2).decode() + "\n"


if __name__ == "__main__":
    for each in requests():
        each.with_suffix(".verdict.json").write_text(verdict_of(each), encoding="utf-8")
