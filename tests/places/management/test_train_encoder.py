from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engine.embedding.encoding import Projection
from engine.embedding.training import BATCH
from places.models import Place
from tests.builders.places import make_place

pytestmark = pytest.mark.django_db


def make_places(count: int) -> None:
    first = make_place(name="달빛 카페")
    copied = [
        field.attname
        for field in Place._meta.concrete_fields
        if field.name not in ("id", "public_id", "name", "names", "name_search", "planar")
    ]
    Place.objects.bulk_create(
        [
            Place(
                name=f"카페 {at}",
                names={"ko": f"카페 {at}", "en": f"Cafe {at}"},
                **{name: getattr(first, name) for name in copied},
            )
            for at in range(count - 1)
        ]
    )


def test_what_is_learned_from_the_stored_places_is_written(tmp_path: Path) -> None:
    make_places(BATCH)

    call_command("train_encoder", to=tmp_path / "one.npz", epochs=1)
    call_command("train_encoder", to=tmp_path / "again.npz", epochs=1)

    written = (tmp_path / "one.npz").read_bytes()
    assert Projection.from_bytes(written).weights["cafe"] > 0
    assert (tmp_path / "again.npz").read_bytes() == written


def test_too_few_places_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    make_place()

    with pytest.raises(CommandError, match="load or import a city first"):
        call_command("train_encoder", to=tmp_path / "one.npz")

    assert not (tmp_path / "one.npz").exists()
