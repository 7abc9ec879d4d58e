"""An adversary against the gate, and an independent checker over the log.

    python benchmarks/gate_adversary.py [--attempts 200000] [--asker plain|bulk] [--seed adversary] [--workers 2]

Debtors, agencies, numbers, channels, claims and zones are drawn from the seed. In every round the adversary picks for
each debtor the attempt that would squeeze a limit hardest; the gate answers; what it allows is made, gets a random
result and goes into the log. The checker then reads the raw log alone, by its own reading of the rules, and says which
made attempts broke a rule (violations) and which refusals no rule called for (avoidable). Half of the debtors are asked
under the prudent house, half under the law alone. Ends with 1 when a violation or an avoidable refusal was found.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the workers are the threads
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from gate.adversary.simulation import Report, batch


def main() -> int:
    """Run batches until so many attempts were asked about, and print the checker's report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=200_000, help="at least so many are asked about")
    parser.add_argument("--asker", choices=("plain", "bulk"), default="plain")
    parser.add_argument("--seed", default="adversary")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=120, help="attempts tried against each debtor")
    parser.add_argument("--debtors", type=int, help="debtors in a batch (plain 200, bulk 3,000)")
    parser.add_argument("--literal", action="store_true", help="Massachusetts per debt and New York per account alone")
    parser.add_argument("--keep", type=Path, help="where reports of finished batches are kept, and found again")
    asked = parser.parse_args()
    debtors = asked.debtors or {"plain": 200, "bulk": 3_000}[asked.asker]
    each = asked.rounds * debtors * 49 // 50  # some rounds are a person's own call
    batches = max(1, -(-asked.attempts // each))
    began = time.perf_counter()
    report = Report()
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(one, asked, debtors, number) for number in range(batches)]
        for done in as_completed(waiting):
            report.add(done.result())
            found = (
                f"{report.in_breach:,} violations, {report.avoidable:,} avoidable, {report.unexplained:,} unexplained"
            )
            seconds = time.perf_counter() - began
            print(f"{report.asked:,} attempts, {found}, {seconds:,.0f} s", file=sys.stderr, flush=True)
    print(f"seed {asked.seed}, {batches} batches of {debtors:,} debtors and {asked.rounds} rounds, {asked.asker} gate")
    print(report.told())
    return 1 if report.in_breach or report.avoidable else 0


def one(asked: argparse.Namespace, debtors: int, number: int) -> Report:
    """The report of one batch, made now or kept from before; even batches have the prudent house."""
    house = ("prudent", None)[number % 2]
    reading = "literal" if asked.literal else "agreed"
    name = f"{asked.seed}-{asked.asker}-{debtors}x{asked.rounds}-{reading}-{number}.pickle"
    kept = asked.keep / name if asked.keep else None
    if kept and kept.exists():
        return pickle.loads(kept.read_bytes())
    report = batch(f"{asked.seed}/{number}", debtors, asked.rounds, house, asked.asker, asked.literal)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(report))
    return report


if __name__ == "__main__":
    sys.exit(main())
