from io import StringIO
from pathlib import Path

import pytest
from django.core.management import get_commands

from common.acting import NOBODY, acting
from scripts import preparing
from scripts.preparing import STEPS
from users.models import User

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def test_after_an_update_the_vectors_are_made_anew() -> None:
    commands = [command[0] for _, command in STEPS]

    assert commands == ["migrate", "load_city", "encode_places", "seed_demo"]
    assert set(commands) <= set(get_commands())


def test_the_containers_are_prepared_by_the_same_commands() -> None:
    compose = COMPOSE.read_text("utf-8")
    places = [compose.index(f"python manage.py {' '.join(command)}") for _, command in STEPS]

    assert places == sorted(places)


@pytest.mark.django_db
def test_commands_see_everybody_though_nobody_says_for_whom() -> None:
    with acting(NOBODY):
        is_done = preparing.run(("seed_demo",), log=StringIO())

    assert is_done
    assert User.objects.filter(email="demo@dongne.example").exists()
