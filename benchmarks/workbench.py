"""The work with many open cases, as ratios in one run: next case, recording an outcome, and the pages.

    python benchmarks/workbench.py [--cases 200000] [--rounds 300] [--only sqlite|postgresql] [--database URL]

Yardsticks, on the same database in turn with what they are compared with: for acts, the bare database doing as many
statements of the same kinds by primary key in one transaction, over the driver alone; for pages, the frame alone with
session and log-in (the page for an address that is not there). PostgreSQL is a throw-away server on this machine,
without fsync, unless another is named; SQLite runs as installed (WAL, synchronous normal). Every round is timed;
medians are told.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
AT = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 11, 20)
TEAMS = 20
PAGES = ("/queue/", "/queue/?show=open&sort=amount", "/queue/?q=lxm", "/board/", "/audit/", "/approvals/")


def main() -> None:
    """Measure on each database in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--database", help="an empty PostgreSQL database to fill instead of a throw-away server's")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(measure(asked.cases, asked.rounds)))
        return
    sys.path.insert(0, str(HERE.parent / "tests"))
    import on_postgresql

    only = "postgresql" if asked.database else asked.only
    for name in ("sqlite", "postgresql"):
        if only not in (None, name):
            continue
        if name == "postgresql" and not asked.database and on_postgresql.binaries() is None:
            print("PostgreSQL is not installed here")
            continue
        own_server = name == "postgresql" and not asked.database
        with (
            tempfile.TemporaryDirectory(prefix="mora-bench-") as home,
            on_postgresql.server() if own_server else nullcontext(asked.database or "") as address,
        ):
            environment = os.environ | {
                "MORA_HOME": home, "MORA_DATABASE": address, "DJANGO_SETTINGS_MODULE": "mora.web.settings",
            }  # fmt: skip
            command = [sys.executable, __file__, "--inside", "--cases", str(asked.cases), "--rounds", str(asked.rounds)]
            load = os.getloadavg()[0]
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
            show(name, asked.cases, json.loads(done.stdout), (load, os.getloadavg()[0]))


def show(name: str, cases: int, seen: dict[str, Any], load: tuple[float, float]) -> None:
    """Figures of one database."""
    print(f"\n{name}, {cases:,} open cases, filled in {seen['filled']:.0f} s, load {load[0]:.1f} to {load[1]:.1f}")
    print("                                        wall ms: median, least   CPU ms   ratio by wall, least, CPU")
    for act in ("next case", "record outcome"):
        told, bare = seen["acts"][act], seen["acts"][f"{act}, bare"]
        _line(act, told, bare, f"{1e3 / told['wall']:.0f} a second; {told['statements']}")
        _line("  bare database", bare, bare, "")
    for path, told in seen["pages"].items():
        _line(path, told, seen["pages"]["empty"], f"{told['queries']} queries")


def _line(name: str, told: dict[str, Any], yardstick: dict[str, Any], more: str) -> None:
    """Milliseconds of one thing, and how many times its yardstick it is. PostgreSQL's own CPU is not in it."""
    times = f"{told['wall']:9.2f} {told['least']:9.2f} {told['cpu']:9.2f}"
    ratios = " ".join(f"{told[each] / max(yardstick[each], 1e-3):8.1f}" for each in ("wall", "least", "cpu"))
    print(f"  {name:36} {times}   {ratios}   {more}")


def measure(cases: int, rounds: int) -> dict[str, Any]:
    """Fill the database and take every figure on it."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    began = time.perf_counter()
    fill(cases)
    filled = time.perf_counter() - began
    return {"filled": filled, "acts": acts(rounds), "pages": pages(max(20, rounds // 5))}


class Clock:
    """Wall and CPU milliseconds of many rounds."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def time(self, do: Callable[[], Any]) -> Any:
        """Do it and keep how long it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        answer = do()
        self.wall.append((time.perf_counter() - wall) * 1e3)
        self.cpu.append((time.process_time() - cpu) * 1e3)
        return answer

    def told(self, *, skip: int) -> dict[str, float]:
        """Medians, and the least wall time, the first rounds left out."""
        return {
            "wall": statistics.median(self.wall[skip:]), "least": min(self.wall[skip:]),
            "cpu": statistics.median(self.cpu[skip:]),
        }  # fmt: skip


def fill(cases: int) -> None:
    """One party with a telephone, a late loan, its case and two attempts, then copied by the database itself."""
    from django.db import connection, transaction

    from mora.casework import people
    from mora.store import audit
    from mora.store.models import Attempt, Case, CaseLoan, ContactPoint, Party, Team, User
    from mora.store.sealing import blind

    people.demonstration(AT - timedelta(days=9))
    for n in range(TEAMS - Team.objects.count()):
        Team.objects.create(code=f"team-{n}", name=f"team {n}")
    teams = sorted(Team.objects.values_list("pk", flat=True))
    assert teams == list(range(teams[0], teams[0] + TEAMS))
    party = Party(
        party_id="B0", name="林小明", name_mask="林*明", pinyin="lxm", name_index="0", zones=["Asia/Shanghai"],
        language="zh", born_on=date(1990, 3, 7),
    )  # fmt: skip
    party.save(force_insert=True)
    phone = "+8613800000000"
    point = ContactPoint(party=party, channel="mobile", value=phone, value_mask="****0000")
    point.value_index = blind(phone, "mobile")
    point.save(force_insert=True)
    case = Case.objects.create(
        party=party, number="C-0", level="L1", level_since=TODAY, level_due_on=TODAY, currency="CNY",
        arrears_minor=123_456, outstanding_minor=10_000_000, days_past_due=2, as_of=TODAY, opened_on=TODAY,
        team_id=teams[0], priority=0, risk_class="special_mention",
    )  # fmt: skip
    loan = CaseLoan.objects.create(
        case=case, loan_id="L0", product="cn_consumer", days_past_due=2, overdue_principal_minor=123_456,
        overdue_interest_minor=0, overdue_fee_minor=0, penalty_minor=0, compound_minor=0, arrears_minor=123_456,
        outstanding_principal_minor=10_000_000, risk_class="special_mention", as_of=TODAY,
    )  # fmt: skip
    chen = User.objects.get(username="chen")
    attempts = [
        Attempt.objects.create(
            case=case, party=party, point=point, by=chen, actor="lender", at=AT - timedelta(days=back), channel="voice",
            result="no_answer", claims=["L0"], key=f"a{back}", verdict="",
        )
        for back in (2, 4)
    ]  # fmt: skip
    key = "printf('%032x', n)" if connection.vendor == "sqlite" else "lpad(to_hex(n), 32, '0')::uuid"
    figures = {"days_past_due": "1 + n % 59", "arrears_minor": "100 + (n * 104729) % 5000000"}
    copies: list[tuple[Any, dict[str, str]]] = [
        (party, {"id": key, "party_id": "'B' || n", "pinyin": "'z' || n % 997", "name_index": "'' || n"}),
        (point, {"id": key, "party_id": key, "value_index": "'' || n"}),
        (case, {"id": key, "party_id": key, "number": "'C-' || n", "team_id": f"{teams[0]} + n % {TEAMS}",
                "priority": "(n * 7919) % 1009", **figures}),
        (loan, {"case_id": key, "loan_id": "'L' || n", **figures}),
        *(
            (each, {"case_id": key, "party_id": key, "point_id": key, "key": f"'{each.key}-' || n"})
            for each in attempts
        ),
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for row, changed in copies:
            table, pk = row._meta.db_table, row._meta.pk.attname
            names = [field.column for field in row._meta.concrete_fields if field.column != pk or pk in changed]
            held = ", ".join(changed.get(name, f"held.{name}") for name in names)
            mark = f"'{row.pk.hex}'" if hasattr(row.pk, "hex") else row.pk
            cursor.execute(
                "with recursive numbers(n) as "
                f"(select cast(1 as bigint) union all select n + 1 from numbers where n < {cases - 1}) "
                f"insert into {table} ({', '.join(names)}) select {held} from {table} held, numbers "
                f"where held.{pk} = {mark}"
            )
    assert Case.objects.count() == cases
    with transaction.atomic():
        for n in range(1000):
            audit.append("mora", "case.open", f"C-{n}", at=AT - timedelta(days=9), level="L1")
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def acts(rounds: int) -> dict[str, Any]:
    """Next case and recording no answer, in turn, each followed by its yardstick."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mora.casework import contact, queue
    from mora.gate.terms import Channel, Result
    from mora.store.models import User

    chen = User.objects.get(username="chen")
    at = AT
    kinds: dict[str, Counter[str]] = {}
    clocks: dict[str, Clock] = {}
    rows = _rows()

    def timed(name: str, do: Callable[[], Any]) -> Any:
        if name not in kinds:
            with CaptureQueriesContext(connection) as told:
                answer = do()
            words = [query["sql"].split()[0].lower() for query in told.captured_queries]
            kinds[name] = Counter(word for word in words if word in ("select", "update", "insert"))
            return answer
        answer = clocks.setdefault(name, Clock()).time(do)
        _bare(kinds[name], rows, clocks.setdefault(f"{name}, bare", Clock()))
        return answer

    for _ in range(rounds + 6):
        at += timedelta(seconds=20)
        case = timed("next case", partial(queue.next_case, chen, at))
        record = partial(contact.record_attempt, channel=Channel.VOICE, result=Result.NO_ANSWER, at=at)
        timed("record outcome", partial(record, chen, case, point=case.party.points.first()))
    told: dict[str, Any] = {name: clock.told(skip=5) for name, clock in clocks.items()}
    for name, found in kinds.items():
        told[name]["statements"] = " ".join(f"{count} {word}" for word, count in sorted(found.items()))
    return told


def _rows() -> Iterator[int]:
    """Numbers of loans at random, so that no row is asked for twice in a row."""
    from mora.store.models import CaseLoan

    first, last = CaseLoan.objects.order_by("pk")[0].pk, CaseLoan.objects.order_by("-pk")[0].pk
    rng = random.Random(2)
    while True:
        yield rng.randrange(first, last + 1)


def _bare(kinds: Counter[str], rows: Iterator[int], clock: Clock) -> None:
    """The driver alone with as many statements of these kinds, by primary key, in one transaction."""
    from django.db import connection

    connection.ensure_connection()
    sqlite = connection.vendor == "sqlite"
    mark, key = ("?", "integer primary key autoincrement") if sqlite else ("%s", "bigserial primary key")
    cursor = connection.connection.cursor()
    cursor.execute(f"create table if not exists bench_rows (id {key}, loan bigint, said varchar(400))")

    def work() -> None:
        cursor.execute("begin immediate" if sqlite else "begin")
        for _ in range(kinds["select"]):
            cursor.execute(f"select * from store_caseloan where id = {mark}", (next(rows),))
            cursor.fetchall()
        for _ in range(kinds["update"]):
            cursor.execute(f"update store_caseloan set risk_class = 'normal' where id = {mark}", (next(rows),))
        for _ in range(kinds["insert"]):
            cursor.execute(f"insert into bench_rows (loan, said) values ({mark}, {mark})", (next(rows), "x" * 400))
        cursor.execute("commit")

    clock.time(work)
    cursor.close()


def pages(rounds: int) -> dict[str, Any]:
    """Server time of pages in turn, and how many queries each asks."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from mora.store.models import Case, User

    backend = "allauth.account.auth_backends.AuthenticationBackend"
    clients = {}
    for path, who in [("empty", "sun"), ("case", "chen"), *((path, "sun") for path in PAGES)]:
        clients[path] = Client()
        clients[path].force_login(User.objects.get(username="zheng" if path == "/audit/" else who), backend=backend)
    numbers = list(Case.objects.filter(team__code="collector").order_by("?").values_list("number", flat=True)[:rounds])
    clocks = {path: Clock() for path in clients}
    queries: dict[str, int] = {}
    static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=static, ALLOWED_HOSTS=["testserver"]):
        for n in range(-2, rounds):
            for path, client in clients.items():
                address = {"empty": "/nothing/", "case": f"/cases/{numbers[n % len(numbers)]}/"}.get(path, path)
                if n == -1:
                    with CaptureQueriesContext(connection) as told:
                        client.get(address)
                    queries[path] = len(told)
                    continue
                response = clocks[path].time(partial(client.get, address))
                assert response.status_code == (404 if path == "empty" else 200), (path, response.status_code)
    return {path: clock.told(skip=1) | {"queries": queries[path]} for path, clock in clocks.items()}


if __name__ == "__main__":
    main()
