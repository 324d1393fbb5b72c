"""What a trip remembers of its question."""

from zoneinfo import ZoneInfo

import numpy as np
import orjson

from engine.types import Constraints
from places.types import CitySummary
from tests.builders.engine import make_constraints
from trips.services.contexts import KeptQuestion, describe, restore
from trips.types import Understanding

VECTOR = np.linspace(-1, 1, 256, dtype=np.float32) / np.float32(3)
SEOUL = CitySummary(
    slug="seoul",
    name_ko="서울",
    name_en="Seoul",
    country="KR",
    currency="KRW",
    zone=ZoneInfo("Asia/Seoul"),
    data_version="1",
    bounds=(37.4, 126.7, 37.7, 127.2),
)


def remember(constraints: Constraints) -> KeptQuestion:
    """Return the question after its way through JSON, as the database keeps it."""
    told = describe(Understanding(constraints=constraints, interpretation={}, city="seoul"))
    return restore(context=orjson.loads(orjson.dumps(told)), city=SEOUL)


def test_vectors_come_back_as_they_were_with_who_made_them() -> None:
    asked = make_constraints(query_embedding=VECTOR, taste=-VECTOR, encoder="lexicon/1")

    kept = remember(asked).constraints

    assert kept.query_embedding is not None
    assert kept.query_embedding.tolist() == VECTOR.tolist()
    assert kept.taste is not None
    assert kept.taste.tolist() == (-VECTOR).tolist()
    assert kept.encoder == "lexicon/1"


def test_a_question_that_means_nothing_of_places_comes_back_so() -> None:
    asked = make_constraints()

    kept = remember(asked).constraints

    assert (kept.query_embedding, kept.taste) == (None, None)
    assert (kept.origin, kept.starts_at, kept.budget) == (
        asked.origin,
        asked.starts_at,
        asked.budget,
    )


def test_what_an_older_context_does_not_have_was_not_said() -> None:
    told = describe(
        Understanding(
            constraints=make_constraints(query_embedding=VECTOR), interpretation={}, city="seoul"
        )
    )
    del told["vectors"], told["stroll"], told["eats_first"]

    kept = restore(context=orjson.loads(orjson.dumps(told)), city=SEOUL).constraints

    assert (kept.query_embedding, kept.encoder) == (None, "")
    assert (kept.stroll, kept.eats_first) == (False, False)
