"""The rounds of one measurement: filling, asking over HTTP, and the candidate query by itself."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from benchmarks.api import asking, database, stages
from benchmarks.api.questions import ASKED_A_USER, Account, Asked, draw_questions, make_accounts
from benchmarks.api.serving import Server, cpu_s, memory_mb, serving
from benchmarks.api.synthesising import list_neighbourhoods, load, version_of
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from places.services.encoding import count_outdated, current_encoder

Say = Callable[[str], None]
MANY: Final = 3  # times as many requests of several clients as of one


def fill(*, places: int, url: str, say: Say) -> float:
    """Have the database hold just these places; return the seconds it took, 0 where it did already."""
    if holds(places=places):
        say(f"{places:,} places stand already")
        _forget_what_was_asked()
        return 0.0
    connection.close()
    database.drop(url=url)
    database.make(url=url)
    began_s = time.perf_counter()
    say("Migrating")
    call_command("migrate", verbosity=0)
    say(f"Loading {places:,} places")
    load(places=places)
    took_s = time.perf_counter() - began_s
    say(f"Loaded in {took_s:.0f} s")
    return round(took_s, 1)


def measure_server(
    *,
    clients: int,
    count: int,
    repeats: int,
    warming: int,
    workers: int,
    threads: int,
    log: Path,
    say: Say,
) -> dict[str, Any]:
    """Return the figures of the web process under one client and under several."""
    rounds = {"warming": warming, "one": count, "several": MANY * count}
    questions = {name: _questions(seed, size) for seed, (name, size) in enumerate(rounds.items())}
    asked = sum(rounds.values()) + count * (1 + repeats)
    accounts = itertools.cycle(make_accounts(count=-(-asked // ASKED_A_USER) + repeats))
    with serving(workers=workers, threads=threads, environment=os.environ, log=log) as server:
        say("Asking")
        asking.ask_all(
            requests=_uncached(questions["warming"], accounts, server), port=server.port, clients=4
        )
        result = {
            "one_client": _round(server, _uncached(questions["one"], accounts, server), 1),
            "clients": clients,
            "several_clients": _round(
                server, _uncached(questions["several"], accounts, server), clients
            ),
            "one_client_cached": _cached_round(server, accounts, count // 4, repeats, 1, 100),
            "several_clients_cached": _cached_round(
                server, accounts, count // 4, repeats, clients, 101
            ),
            "workers": [memory_mb(pid) for pid in server.workers()],
        }
    say("The candidate query alone")
    return {**result, "candidate_query": measure_candidates(questions["one"])}


def measure_candidates(questions: Sequence[Asked]) -> dict[str, Any]:
    """Return how long the selector takes for these questions, and its first query alone."""
    selector, first = stages.time_candidates(questions)
    return {
        "requests": len(selector),
        "list_candidates": asking.percentiles(selector),
        "first_query": asking.percentiles(first),
    }


def measure_stages(*, count: int, say: Say) -> dict[str, Any]:
    """Return where the time of uncached requests goes, asked in this very process."""
    say("Asking in this process")
    accounts = itertools.cycle(make_accounts(count=-(-count // ASKED_A_USER)))
    return {"stages": stages.time_stages(_questions(1, count), accounts)}


def _questions(seed: int, count: int) -> list[Asked]:
    drawn = draw_questions(neighbourhoods=list_neighbourhoods(), today=datetime.now(UTC), seed=seed)
    return list(itertools.islice(drawn, count))


def _uncached(
    questions: Sequence[Asked], accounts: Iterator[Account], server: Server
) -> list[bytes]:
    return [
        question.request(account=account, port=server.port)
        for question, account in zip(questions, accounts, strict=False)
    ]


def _round(server: Server, requests: Sequence[bytes], clients: int) -> dict[str, Any]:
    with _cpu_ms(server, len(requests)) as spent:
        tally, took_s = asking.ask_all(requests=requests, port=server.port, clients=clients)
    return {**asking.report(tally, took_s, expected=asking.FRESH), "cpu_ms_per_request": spent}


def _cached_round(
    server: Server, accounts: Iterator[Account], count: int, repeats: int, clients: int, seed: int
) -> dict[str, Any]:
    """Have each question answered, and then ask it `repeats` times again within its half minute."""
    whole, took_s = asking.Tally(), 0.0
    first = _uncached(_questions(seed, max(1, count)), accounts, server)
    for start in range(0, len(first), 40):
        batch = first[start : start + 40]
        asking.ask_all(requests=batch, port=server.port, clients=clients)
        tally, batch_s = asking.ask_all(requests=batch * repeats, port=server.port, clients=clients)
        whole.merge(tally)
        took_s += batch_s
    return asking.report(whole, took_s, expected=asking.CACHED)


@contextmanager
def _cpu_ms(server: Server, count: int) -> Iterator[dict[str, float]]:
    """Yield what becomes the processor time of a request: the server's, the database's, the client's."""
    spent: dict[str, float] = {}
    before = (server.cpu_s(), _backends_cpu_s(), time.process_time())
    yield spent
    server_s, backends, client_s = server.cpu_s(), _backends_cpu_s(), time.process_time()
    database_s = sum(value - before[1].get(pid, 0.0) for pid, value in backends.items())
    spent["server"] = round((server_s - before[0]) * 1000 / count, 2)
    spent["database"] = round(database_s * 1000 / count, 2)  # 0 where it runs on another machine
    spent["client"] = round((client_s - before[2]) * 1000 / count, 2)


def _backends_cpu_s() -> Mapping[int, float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid: cpu_s(pid) for (pid,) in cursor.fetchall()}


def holds(*, places: int) -> bool:
    """
    Tell whether the database holds these places, as places are today; bring the rest up to date.

    Vectors of another encoder than the one in use are none of today.
    """
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if any(migration.app_label == "places" for migration, _ in pending):
        return False
    if pending:
        call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT data_version FROM places_city")
        if cursor.fetchall() != [(version_of(places),)]:
            return False
    return not count_outdated(encoder=current_encoder())


def _forget_what_was_asked() -> None:
    # Accounts stay, since what they consented to may not be deleted; each run makes its own.
    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        cursor.execute("TRUNCATE trips_trip, trips_trip_cache CASCADE")
