"""
How fast a plain source becomes places, and in how much memory.

`python -m benchmarks.ingest --rows 100000` writes a file of made-up places in Seoul, one JSON object
a line, and ingests it into a database of its own: first all of it, then the same file again, then
with one row in a hundred changed. For each run: rows, wall time, the time that this process and its
database backend computed, as a whole and by stage, and the most memory this process held. On the way it
says how the pace is: of each `--every` rows, at which a run that grows slower shows. `--publishing` goes
on with a database that an earlier run was stopped in: it makes places of the rows that wait there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import django

from benchmarks.api import database

if TYPE_CHECKING:
    from places.services.ingestion.running import Progress

SEED: Final = 20261121
NAME: Final = "ingest_benchmark"
STEMS: Final = (
    "달빛", "별빛", "햇살", "바람", "구름", "노을", "소나무", "은행나무", "골목", "모퉁이", "다락", "마당", "언덕", "정원",
    "연못", "옛집", "오후", "새벽", "봄날", "여름", "가을", "겨울", "하늘", "바다", "산책", "기억", "이야기", "시간",
)  # fmt: skip
KINDS: Final = (
    ("cafe", "커피", 30), ("restaurant", "식당", 45), ("dessert", "과자점", 8), ("bar", "주점", 6),
    ("shop", "상점", 5), ("bookstore", "책방", 2), ("gallery", "갤러리", 2), ("park", "공원", 1), ("museum", "박물관", 1),
)  # fmt: skip
CENTRES: Final = ((126.978, 37.566), (126.924, 37.556), (127.028, 37.498), (127.056, 37.545))
SPREAD_DEGREES: Final = 0.02
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
KIB: Final = 1024
MICROSECONDS: Final = 1_000_000


def write_rows(path: Path, *, rows: int, changed_each: int = 0) -> None:
    """Write the file; with `changed_each` every so-manieth row has another phone number."""
    rng = random.Random(SEED)
    weights = [weight for *_, weight in KINDS]
    with path.open("w", encoding="utf-8") as file:
        for n in range(rows):
            category, word, _ = rng.choices(KINDS, weights)[0]
            x, y = rng.choice(CENTRES)
            row = {
                "id": f"p{n}",
                "name": f"{rng.choice(STEMS)}{rng.choice(STEMS)} {rng.choice(STEMS)}{word}",
                "category": category,
                "lon": round(rng.gauss(x, SPREAD_DEGREES), 6),
                "lat": round(rng.gauss(y, SPREAD_DEGREES), 6),
                "phone": f"02-{rng.randrange(1000, 9999)}-{n % 10_000:04}",
            }
            if changed_each and n % changed_each == 0:
                row["phone"] = "02-000-0000"
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


@dataclass
class Pace:
    """How far a run is and how fast it is there, printed so many rows apart."""

    every: int
    told: dict[str, tuple[int, float, float, float]] = field(default_factory=dict)  # by stage

    def tell(self, progress: Progress, backend_s: float) -> None:
        """Print a line, where enough rows came since the last of this stage."""
        now = progress.done, time.perf_counter(), time.process_time(), backend_s
        if progress.stage not in self.told:
            self.told[progress.stage] = now
        elif progress.done - self.told[progress.stage][0] >= self.every:
            rows, wall_s, own_s, database_s = (
                new - old for new, old in zip(now, self.told[progress.stage], strict=True)
            )
            self.told[progress.stage] = now
            print(
                f"      {progress.stage:<12} {progress.done:>10,} rows {rows / wall_s:>8,.0f}/s wall "
                f"{own_s / rows * MICROSECONDS:>6,.0f} µs python "
                f"{database_s / rows * MICROSECONDS:>6,.0f} µs database {memory_mib():>6,.0f} MiB",
                flush=True,
            )


@dataclass(frozen=True)
class Run:
    """What one run took."""

    name: str
    counts: dict[str, Any]
    rows: int
    wall_s: float
    own_s: float
    backend_s: float
    memory_mib: float
    index_s: float  # of wall time: the index of vectors, made anew
    stages: dict[str, float]  # seconds of work, of both processes

    def line(self) -> str:
        work_s = self.own_s + self.backend_s
        return (
            f"{self.name:<22} {self.rows:>10,} rows {self.wall_s:>8.1f} s "
            f"{self.rows / self.wall_s:>9,.0f}/s wall  {self.own_s:>7.1f} s python "
            f"{self.backend_s:>7.1f} s database {self.rows / work_s:>9,.0f}/s of work  "
            f"{self.memory_mib:>6,.0f} MiB"
        )

    def stage_lines(self) -> Iterator[str]:
        for stage, work_s in self.stages.items():
            rate = f"{self.rows / work_s:,.0f}/s" if work_s else ""
            yield f"    {stage:<18} {work_s:>8.1f} s of work  {rate}"
        yield f"    {'vector index':<18} {self.index_s:>8.1f} s of wall time"


def measure(
    name: str, path: Path | None, *, rows: int, publishes: bool, every: int = sys.maxsize
) -> Run:
    """Ingest `path`, or without one what waits to be published, and return what it took."""
    from django.db import connection
    from django.utils import timezone

    from benchmarks.plain_source import PlainFile
    from places.services.ingestion.running import JobRunner, new_job
    from places.services.storing import store_terms
    from places.services.vector_index import VectorIndex

    class NotYet(VectorIndex):
        """Leaves the index away, so that making it is measured alone."""

        def restore(self) -> bool:
            return False

    adapter = PlainFile()
    store_terms([adapter.terms])
    job = new_job(
        source=adapter.terms.slug,
        city="seoul",
        now=timezone.now(),
        kind="merge" if path is None else "fetch",
        options={"file": str(path)},
    )
    connection.ensure_connection()
    backends: dict[int, float] = {}  # a run may be connected anew: seconds of each that it had

    def backends_s() -> float:
        if connection.connection is not None:
            pid = connection.connection.info.backend_pid
            backends[pid] = computed_s(pid)
        return sum(backends.values())

    backend_s, own_s, began_s = backends_s(), time.process_time(), time.perf_counter()
    stages: dict[str, float] = {}
    told_s, pace = own_s + backend_s, Pace(every)

    def report(progress: Progress) -> None:
        nonlocal told_s
        computed_by_database_s = backends_s()
        pace.tell(progress, computed_by_database_s)
        work_s = time.process_time() + computed_by_database_s
        stages[progress.stage] = stages.get(progress.stage, 0.0) + work_s - told_s
        told_s = work_s

    # The index is made behind the job, by processes of the database's own: only its wall time is known.
    runner = JobRunner(clock=timezone.now, find=lambda _: adapter, report=report, vectors=NotYet())
    job = runner.run(job_id=job.pk, publishes=publishes)
    work_ended_s = time.perf_counter()
    VectorIndex().restore()
    index_s = time.perf_counter() - work_ended_s
    if job.status != "succeeded":
        raise SystemExit(job.error)
    return Run(
        name=name,
        counts=job.counts,
        rows=rows,
        wall_s=time.perf_counter() - began_s,
        own_s=time.process_time() - own_s,
        backend_s=backends_s() - backend_s,
        index_s=index_s,
        stages=stages,
        memory_mib=memory_mib(),
    )


def memory_mib() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


def computed_s(pid: int) -> float:
    """Return the seconds that a process of this machine computed; 0 where it is another's."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def published(*, every: int) -> Iterator[Run]:
    from places.services.ingestion.publishing import count_pending

    rows = count_pending(city="seoul")
    yield measure("what waited", None, rows=rows, publishes=True, every=every)


def runs(rows: int, *, publishes: bool, every: int) -> Iterator[Run]:
    def take(name: str) -> Run:
        return measure(name, path, rows=rows, publishes=publishes, every=every)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.jsonl"
        write_rows(path, rows=rows)
        yield take("all new")
        yield take("the same again")
        write_rows(path, rows=rows, changed_each=100)
        yield take("one in a hundred")


def prepare() -> None:
    """Make the tables, with the sample of the city in them."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    call_command("load_city", "seoul", verbosity=0, stdout=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--receiving", action="store_true", help="make no places of the rows")
    parser.add_argument("--publishing", action="store_true", help="of a database that was kept")
    parser.add_argument("--every", type=int, default=50_000, help="rows between two lines")
    parser.add_argument("--database", default=NAME, help="ends in _benchmark")
    parser.add_argument("--keep", action="store_true", help="leave the database as it is then")
    options = parser.parse_args()
    url = database.url_of(name=options.database, beside=os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = url
    if not options.publishing:
        database.drop(url=url)
        database.make(url=url)
    django.setup()
    if options.publishing:
        taken = published(every=options.every)
    else:
        prepare()
        taken = runs(options.rows, publishes=not options.receiving, every=options.every)
    for run in taken:
        print(run.line(), flush=True)
        print(*run.stage_lines(), sep="\n", flush=True)
        print("   ", run.counts, flush=True)
    if not options.keep:
        from django.db import connection

        connection.close()
        database.drop(url=url)


if __name__ == "__main__":
    main()
