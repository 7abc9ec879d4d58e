"""The bulk gate against counting alone, as ratios in one run.

    python benchmarks/gate.py [--candidates 10000000] [--history 30000000] [--work .work/gate] [--runs 3]

The gate answers every candidate with all rules of China, a house pack, holds and permissions, reasons and the
earliest moment. The yardsticks, DuckDB and Polars, only count: answered calls today by the same collector to the same
person, and unanswered ones to the same number, each held against its limit. Every measurement runs in a process of its
own, in turn with the others; data are read and, for DuckDB, loaded into its own tables before the clock starts; medians
are compared.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # 20:00 in Beijing
TODAY = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
MICRO = 1_000_000
COLLECTORS = 25
SEED = 20261120
LIMITS = {"effective": 3, "unanswered": 6}
NAMES = {
    "gate": "bulk gate, all rules, reasons, earliest",
    "gate_by_time": "the same, history in order of time",
    "gate_counters": "the same, counters told too",
    "polars": "Polars, counting only",
    "duckdb": "DuckDB, counting only",
}


def main() -> None:
    """Make the data that are not there yet, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=10_000_000)
    parser.add_argument("--history", type=int, default=30_000_000)
    parser.add_argument("--work", type=Path, default=Path(".work/gate"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kinds", default=",".join(NAMES))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one, asked.work)))
        return
    made = asked.work / f"{asked.candidates}-{asked.history}"
    if not (made / "done").exists():
        make(made, asked.candidates, asked.history)
    told: dict[str, list[dict[str, float]]] = {kind: [] for kind in asked.kinds.split(",")}
    for _ in range(asked.runs):
        for kind, seen in told.items():
            command = [sys.executable, __file__, "--one", kind, "--work", str(made)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seen.append(json.loads(done.stdout.splitlines()[-1]))
            print(kind, seen[-1], file=sys.stderr)
    show(asked.candidates, asked.history, told)


def show(candidates: int, history: int, told: dict[str, list[dict[str, float]]]) -> None:
    """A table with ratios to the gate."""
    print(f"\n{candidates:,} candidates, {history:,} attempts in the history; medians of {len(told['gate'])}")
    print(f"{'':42}wall s   cpu s  peak GB   held  wall/gate  cpu/gate")
    medians = {
        kind: {key: statistics.median(each[key] for each in seen) for key in seen[0]} for kind, seen in told.items()
    }
    base = medians["gate"]
    for kind, each in medians.items():
        print(
            f"{NAMES[kind]:40}{each['wall']:8.2f}{each['cpu']:8.2f}{each['peak'] / 1e9:9.2f}{each['held'] / 1e9:7.2f}"
            f"{each['wall'] / base['wall']:11.2f}{each['cpu'] / base['cpu']:10.2f}"
        )


def make(folder: Path, candidates: int, history: int) -> None:
    """A day of a Chinese bank with its agencies: who is to be contacted, and a month of what happened."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(SEED)
    parties = candidates * 4 // 5
    party = np.sort(chance.integers(0, parties, candidates, dtype=np.int32))
    collector = np.where(chance.random(parties) < 0.6, 0, chance.integers(1, COLLECTORS, parties)).astype(np.int32)
    write_candidates(folder, chance, party, collector)
    write_history(folder, chance, parties, collector, history)
    write_holds(folder, chance, parties)
    (folder / "done").touch()


def _enum(column: type, codes: np.ndarray) -> pl.Series:
    from mora.gate.columns import enum_of

    return pl.Series(codes.astype(np.uint8)).cat.to(enum_of(column))


def _pick(chance: np.random.Generator, rows: int, shares: dict[str, float], words: type) -> pl.Series:
    places = [list(words).index(words(word)) for word in shares]  # type: ignore[call-overload]
    return _enum(words, chance.choice(np.array(places, np.uint8), rows, p=list(shares.values())))


def _instant(micros: np.ndarray) -> pl.Series:
    return pl.Series(micros).cast(pl.Datetime("us", "UTC"))


def write_candidates(folder: Path, chance: np.random.Generator, party: np.ndarray, collector: np.ndarray) -> None:
    """Contacts asked for at eight in the evening and spread over the hour before."""
    from mora.gate.columns import OWED
    from mora.gate.terms import ActorKind, Channel, LenderKind, PointKind, Role

    rows = len(party)
    actor = collector[party]
    start = int(NOW.timestamp()) * MICRO
    at = start + chance.integers(-3600, 9000, rows, dtype=np.int64) * MICRO  # 19:00 to 22:30
    day = np.datetime64("2026-11-20") - chance.integers(10, 380, COLLECTORS * 40).astype("timedelta64[D]")
    role = {"debtor": 0.93, "guarantor": 0.02, "co_borrower": 0.02, "contact": 0.03}
    channel = {"voice": 0.55, "voice_robot": 0.2, "voice_notice": 0.05, "sms": 0.2}
    contact = _pick(chance, rows, role, Role)
    pl.DataFrame({
        "at": _instant(at),
        "places": pl.Series(np.zeros(rows, np.uint8)).cat.to(pl.Enum(["cn"])),
        "lender_kind": _enum(LenderKind, np.zeros(rows)),
        "actor_kind": _enum(ActorKind, actor > 0),
        "actor": actor,
        "channel": _pick(chance, rows, channel, Channel),
        "party": party,
        "role": contact,
        "trained_on": pl.Series(day[chance.integers(0, len(day), rows)]).cast(pl.Date),
        "identified": chance.random(rows) < 0.5,
        "point": party * 2 + chance.integers(0, 2, rows, dtype=np.int32),
        "point_kind": _enum(PointKind, np.zeros(rows)),
        "agency_listed": pl.Series(np.ones(rows, bool)),
        "agency_contract_until": pl.Series(np.full(rows, np.datetime64("2027-12-31"))).cast(pl.Date),
    }).write_ipc(folder / "candidates.arrow")  # fmt: skip
    kinds = pl.Enum(["card", "consumer", "internet", "mortgage", "auto"])
    yes = {name: chance.random(rows) < 0.99 for name in ("identity_matched", "balance_reconciled", "owned_by_lender")}
    pl.DataFrame({
        "claim": np.arange(rows, dtype=np.int32),
        "products": pl.Series(chance.choice(5, rows, p=[0.5, 0.3, 0.1, 0.07, 0.03]).astype(np.uint8)).cat.to(kinds),
        "outsourcing_told_on": pl.Series(np.full(rows, np.datetime64("2026-06-01"))).cast(pl.Date),
        "placed_with": pl.Series(actor).reshape((rows, 1)).arr.to_list(),
        **{name: pl.Series(yes[name]) for name in OWED if name in yes},
    }).write_ipc(folder / "claims.arrow")  # fmt: skip


def write_history(folder: Path, chance: np.random.Generator, parties: int, collector: np.ndarray, rows: int) -> None:
    """A month of attempts, a tenth of them today; some people are called far more often than others."""
    from mora.gate.terms import Channel, Result

    weight = chance.random(parties) ** 3
    party = chance.choice(parties, rows, p=weight / weight.sum()).astype(np.int32)
    today = chance.random(rows) < 0.1
    start = int(TODAY.timestamp())
    at = np.where(
        today, start + chance.integers(8 * 3600, 20 * 3600, rows),
        start - 86400 * chance.integers(1, 31, rows) + chance.integers(8 * 3600, 21 * 3600, rows),
    ) * MICRO  # fmt: skip
    results = {
        "no_answer": 0.4, "busy": 0.08, "not_in_service": 0.04, "rejected": 0.1, "connected": 0.15, "right_party": 0.12,
        "sent": 0.11,
    }  # fmt: skip
    frame = pl.DataFrame({
        "at": _instant(at),
        "party": party,
        "actor": np.where(chance.random(rows) < 0.9, collector[party], 0).astype(np.int32),
        "channel": _pick(chance, rows, {"voice": 0.6, "voice_robot": 0.2, "voice_notice": 0.05, "sms": 0.15}, Channel),
        "result": _pick(chance, rows, results, Result),
        "point": party * 2 + chance.integers(0, 2, rows, dtype=np.int32),
    })  # fmt: skip
    frame.sort("at").write_ipc(folder / "history_by_time.arrow")
    frame.sort("party", "at").write_ipc(folder / "history.arrow")


def write_holds(folder: Path, chance: np.random.Generator, parties: int) -> None:
    """Two people in a hundred have a hold, one in two hundred a permission."""
    from mora.gate.terms import HoldKind, PermissionKind

    start = int(TODAY.timestamp())
    for name, share in (("holds", 50), ("permissions", 200)):
        rows = parties // share
        since = start - 86400 * chance.integers(0, 60, rows)
        until = pl.Series(since + 86400 * chance.integers(1, 120, rows))
        both = {
            "since": _instant(since * MICRO), "until": _instant((until * MICRO).to_numpy()),
            "party": chance.choice(parties, rows, replace=False).astype(np.int32),
        }  # fmt: skip
        if name == "holds":
            kinds = {"dispute": 0.3, "complaint": 0.2, "hardship": 0.2, "plan_in_force": 0.2, "vulnerable": 0.1}
            frame = pl.DataFrame({"kind": _pick(chance, rows, kinds, HoldKind), **both})
        else:
            rules = pl.Series(["cn.gbt45251.hours", "cn.cba2026.hours", "house.prudent.hours.cn"])
            frame = pl.DataFrame({
                "rule": rules.gather(chance.integers(0, 3, rows)),
                "kind": _pick(chance, rows, {"consent": 1.0}, PermissionKind), **both,
            })  # fmt: skip
        frame.write_ipc(folder / f"{name}.arrow")


def measured(kind: str, folder: Path) -> dict[str, float]:
    """One measurement: seconds of wall and CPU, and memory before (``held``) and at the peak."""
    history = "history_by_time" if kind == "gate_by_time" else "history"
    read = lambda name: pl.read_ipc(folder / f"{name}.arrow").rechunk()  # noqa: E731
    frames = {"candidates": read("candidates"), "history": read(history)}
    if kind.startswith("gate"):
        frames |= {name: read(name) for name in ("claims", "holds", "permissions")}
    work = KINDS[kind](frames)
    held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    wall, cpu = time.perf_counter(), time.process_time()
    refused = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"wall": wall, "cpu": cpu, "peak": peak, "held": held, "refused": refused}


Work = Callable[[], int]


def gate(frames: dict[str, pl.DataFrame], *, counters: bool = False) -> Work:
    """All rules."""
    from mora.gate.frames import Frames, Items, ask_all

    items = Items.of("prudent")
    few = {name: frame.head(0 if name in ("holds", "permissions") else 10) for name, frame in frames.items()}
    ask_all(Frames(**few), items)  # the library is built and loaded before the clock starts

    def work() -> int:
        answered = ask_all(Frames(**frames), items, counters=counters)
        return int((answered["outcome"] == "refused").sum())

    return work


def polars(frames: dict[str, pl.DataFrame]) -> Work:
    """Two counts, joined to the candidates and held against their limits."""

    def work() -> int:
        today = frames["history"].lazy().filter(pl.col("at").is_between(TODAY, NOW, closed="left"))
        talks = pl.col("channel").cast(pl.String).is_in(["voice", "voice_robot"])
        effective = (
            today.filter(talks & pl.col("result").is_in(["connected", "right_party"]))
            .group_by("party", "actor").agg(effective=pl.len())
        )  # fmt: skip
        calls = pl.col("channel").is_in(["voice", "voice_robot", "voice_notice"])
        failed = ["no_answer", "busy", "not_in_service", "rejected", "voicemail", "dropped"]
        unanswered = (
            today.filter(calls & pl.col("result").is_in(failed)).group_by("party", "point").agg(unanswered=pl.len())
        )
        asked = (
            frames["candidates"].lazy().select("party", "actor", "point")
            .join(effective, on=["party", "actor"], how="left").join(unanswered, on=["party", "point"], how="left")
            .select(
                reached=(pl.col("effective").fill_null(0) >= LIMITS["effective"])
                | (pl.col("unanswered").fill_null(0) >= LIMITS["unanswered"])
            )
        )  # fmt: skip
        return int(asked.collect()["reached"].sum())

    return work


def duckdb(frames: dict[str, pl.DataFrame]) -> Work:
    """The same in SQL over DuckDB's own tables."""
    import duckdb as engine

    base = engine.connect()
    base.execute("set threads = 2")
    for name, frame in frames.items():
        base.register("lent", frame.with_columns(pl.col("at").to_physical()).to_arrow())
        base.execute(f"create table {name} as select * from lent")
        base.unregister("lent")

    def work() -> int:
        reached = base.execute(f"""
            with today as (
                select * from history
                where "at" >= {int(TODAY.timestamp()) * MICRO} and "at" < {int(NOW.timestamp()) * MICRO}
            ), effective as (
                select party, actor, count(*) as n from today
                where channel in ('voice', 'voice_robot') and result in ('connected', 'right_party')
                group by party, actor
            ), unanswered as (
                select party, point, count(*) as n from today
                where channel in ('voice', 'voice_robot', 'voice_notice')
                  and result in ('no_answer', 'busy', 'not_in_service', 'rejected', 'voicemail', 'dropped')
                group by party, point
            ), counted as (
                select coalesce(effective.n, 0) >= {LIMITS["effective"]}
                    or coalesce(unanswered.n, 0) >= {LIMITS["unanswered"]} as reached
                from candidates c
                left join effective on effective.party = c.party and effective.actor = c.actor
                left join unanswered on unanswered.party = c.party and unanswered.point = c.point
            )
            select reached from counted
        """).to_arrow_table()
        return int(pl.from_arrow(reached)["reached"].sum())  # type: ignore[index]

    return work


KINDS: dict[str, Callable[[dict[str, pl.DataFrame]], Work]] = {
    "gate": gate,
    "gate_by_time": gate,
    "gate_counters": lambda frames: gate(frames, counters=True),
    "polars": polars,
    "duckdb": duckdb,
}

if __name__ == "__main__":
    main()
