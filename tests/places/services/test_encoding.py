from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from engine.embedding.encoding import DIMENSIONS, default_encoder
from engine.embedding.types import VectorArray, label_of
from places.models import Place
from places.services.describing import describe_row, label_of_vectors
from places.services.encoding import BATCH, Encodings, count_outdated, encoder_at
from tests.builders.places import make_place

OLD = [1.0] + [0.0] * (DIMENSIONS - 1)


@dataclass(frozen=True)
class CountingEncoder:
    """Encodes the length of a text."""

    version: str = "1"
    name: str = "counting"
    dimensions: int = DIMENSIONS

    def encode(self, texts: Sequence[str]) -> VectorArray:
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        rows[np.arange(len(texts)), [len(text) for text in texts]] = 1.0
        return rows


@pytest.mark.django_db(transaction=True)
def test_what_another_encoder_made_is_made_anew_and_the_rest_is_left() -> None:
    old = make_place(
        name="오래된 곳", embedding=OLD, encoder=label_of_vectors(CountingEncoder(version="0"))
    )
    none = make_place(name="아직 없는 곳")
    same = make_place(name="이미 된 곳", embedding=OLD, encoder=label_of_vectors(CountingEncoder()))

    count = Encodings(encoder=CountingEncoder()).run()

    after = {place.name: place for place in Place.objects.all()}
    assert count == 2
    assert {place.encoder for place in after.values()} == {label_of_vectors(CountingEncoder())}
    for place in (old, none):
        assert np.argmax(after[place.name].embedding) == len(describe_row(place).text)
    assert list(after[same.name].embedding) == OLD


@pytest.mark.django_db(transaction=True)
def test_what_was_composed_of_other_words_is_made_anew() -> None:
    make_place(embedding=OLD, encoder=label_of_vectors(CountingEncoder())[:-8] + "0" * 8)
    make_place(name="낱말 없이 된 곳", embedding=OLD, encoder=label_of(CountingEncoder()))

    assert Encodings(encoder=CountingEncoder()).run() == 2


@pytest.mark.django_db
def test_a_label_of_the_longest_name_can_be_stored() -> None:
    longest = CountingEncoder(name="onnx:" + "x" * 35, version="f" * 12)

    make_place(encoder=label_of_vectors(longest))

    assert count_outdated(encoder=longest) == 0


@pytest.mark.django_db(transaction=True)
def test_a_second_time_there_is_nothing_to_do() -> None:
    make_place()
    encodings = Encodings(encoder=CountingEncoder())

    assert (encodings.run(), encodings.run()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_more_places_than_one_batch_are_all_encoded() -> None:
    for at in range(3):
        make_place(name=f"곳{at}")
    first = Place.objects.order_by("pk")[0]
    Place.objects.bulk_create(
        [
            Place(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Place._meta.concrete_fields
                    if field.name not in ("id", "public_id", "name_search", "planar")
                }
            )
            for _ in range(BATCH)
        ]
    )
    seen: list[int] = []

    count = Encodings(encoder=CountingEncoder()).run(report=seen.append)

    assert count == BATCH + 3
    assert seen == [BATCH, BATCH + 3]
    assert count_outdated(encoder=CountingEncoder()) == 0


@pytest.mark.django_db
def test_only_active_places_count_as_outdated() -> None:
    make_place(encoder=label_of_vectors(CountingEncoder()))
    make_place(name="다른 곳", encoder=label_of_vectors(CountingEncoder(version="0")))
    make_place(name="없어진 곳", is_active=False)

    assert count_outdated(encoder=CountingEncoder()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_encodes_by_the_encoder_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    make_place()

    call_command("encode_places")

    assert Place.objects.get().encoder == label_of_vectors(default_encoder())
    assert "1 places encoded by lexicon/" in capsys.readouterr().out


def test_without_a_path_the_encoder_is_the_one_that_is_shipped() -> None:
    assert encoder_at("") is default_encoder()


def test_a_path_to_nothing_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"ENCODER_ONNX_PATH: no file .*model\.onnx"):
        encoder_at(str(tmp_path / "model.onnx"))
