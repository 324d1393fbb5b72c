import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from benchmarks.api import database

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.promise
def test_the_whole_command_measures_and_leaves_nothing_behind() -> None:
    server = settings.DATABASES["default"]
    beside = f"postgis://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}/postgres"
    name = f"dongne_{os.getpid()}_whole_benchmark"

    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.api", "--places", "500", "--clients", "2"),
            *("--requests", "8", "--database", name),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": beside},
        capture_output=True,
        check=True,
    )

    result = json.loads(done.stdout)
    assert result["places"] == 500
    assert result["one_client"]["statuses"] == {"200": 8}
    assert result["several_clients"]["statuses"] == {"200": 24}
    for name_of_round in ("one_client", "several_clients", "one_client_cached"):
        assert result[name_of_round]["not_as_expected"] == 0
    assert len(result["workers"]) == 2
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.plain(database.url_of(name=name, beside=beside)))
