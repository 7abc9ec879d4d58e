"""The plain gate and the bulk gate asked the same random requests: do they agree?

    python benchmarks/gate_agreement.py [--requests 1000000] [--seed 1] [--processes 2]

Compared are the outcome, every rule with its effects, every count over the history and the earliest instant, exactly.
Of ten parts five are asked under the prudent house pack, two under one whose rules turn over time, one under the law
alone, and two under random packs, each part its own. Three parts hold requests bent towards what chance seldom brings
together. Requests, packs and their making are those of the tests (tests/gate). Ends with 1 when a request differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
sys.path[0] = str(TESTS)  # in place of this folder, whose gate.py is another

from gate.agreement import Agreement, compare  # noqa: E402
from gate.aimed_requests import aimed_requests  # noqa: E402
from gate.random_house import random_house  # noqa: E402
from gate.random_requests import random_requests  # noqa: E402
from mora.gate import Gate  # noqa: E402
from mora.gate.items import Items  # noqa: E402

PART = 2_000
TURNING = str(TESTS / "gate" / "house_turning")
RANDOM = "random"
MIX = (
    *[("prudent", random_requests)] * 4, ("prudent", aimed_requests),
    (TURNING, random_requests), (TURNING, aimed_requests), (None, random_requests),
    (RANDOM, random_requests), (RANDOM, aimed_requests),
)  # fmt: skip


@cache
def _witnesses(house: str | None) -> tuple[Gate, Items]:
    return Gate.of(house), Items.of(house)


def _under_a_random_pack(seed: int) -> tuple[Gate, Items]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "gate.yaml").write_text(random_house(seed), encoding="utf-8")
        return Gate.of(folder), Items.of(folder)


def part(seed: int, count: int) -> Agreement:
    """One part of the requests through both witnesses."""
    house, requests = MIX[seed % len(MIX)]
    gate, items = _under_a_random_pack(seed) if house == RANDOM else _witnesses(house)
    own = [id_ for id_ in items.ids if id_.startswith("house.")]
    return compare(list(requests(seed, count, own)), gate, items)


def main() -> None:
    """Ask, tell how far it is every half minute, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    counts = [min(PART, asked.requests - first) for first in range(0, asked.requests, PART)]
    seeds = [asked.seed * 1_000_000 + number for number in range(len(counts))]
    whole, began, told = Agreement(), time.perf_counter(), time.perf_counter()
    with ProcessPoolExecutor(asked.processes) as pool:
        for done in pool.map(part, seeds, counts):
            whole.add(done)
            if time.perf_counter() - told > 30:
                told = time.perf_counter()
                print(f"{whole.requests:,} asked, {len(whole.differing)} differ, {told - began:.0f} s", flush=True)
    for request, verdict, bulk in whole.differing[:5]:
        print(f"\n{request}\n  plain {verdict}\n  bulk {bulk}")
    print(f"\n{whole.requests:,} requests in {time.perf_counter() - began:.0f} s: {len(whole.differing)} differ")
    print(f"outcomes: {dict(whole.outcomes)}; refusals that clear by waiting: {whole.later:,}")
    rules = sorted({rule for rule, _ in whole.findings})
    print(f"{len(rules)} rules spoke, in {len(whole.findings)} pairs of rule and effect:")
    for rule in rules:
        effects = {effect: count for (id_, effect), count in sorted(whole.findings.items()) if id_ == rule}
        print(f"  {rule:36}{effects}")
    sys.exit(bool(whole.differing))


if __name__ == "__main__":
    main()
