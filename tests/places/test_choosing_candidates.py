import pytest

from engine.catalogue import CATEGORIES
from places.opening.types import ALL_DAY, OpeningHours, every_day
from tests.builders.places import make_place
from tests.places.candidates import (
    find,
    names,
    stated,
    vector,
)

pytestmark = pytest.mark.django_db


def test_the_cut_prefers_the_popular_over_the_merely_near() -> None:
    make_place(name="가까운 곳", popularity=0.1)
    make_place(name="알려진 곳", latitude=37.5590, popularity=0.9)

    found = find(limit=1)

    assert names(found) == ["알려진 곳"]


def test_the_cut_prefers_the_mood_asked_for() -> None:
    make_place(name="보통")
    make_place(
        name="조용한 곳",
        latitude=37.5590,
        mood_scores={"quiet": {"confidence": 0.6, "evidence": "tag"}},
    )

    assert names(find(limit=1, moods=("quiet",))) == ["조용한 곳"]
    assert names(find(limit=1)) == ["보통"]


def test_the_cut_prefers_what_the_sentence_means() -> None:
    make_place(name="다른 곳", embedding=vector(1))
    make_place(name="바라던 곳", latitude=37.5600, embedding=vector(2))

    assert names(find(limit=1, query_embedding=vector(2))) == ["바라던 곳"]
    assert names(find(limit=1, taste=vector(2))) == ["바라던 곳"]


def test_the_cut_weighs_what_is_said_and_what_was_liked() -> None:
    make_place(name="다른 곳", embedding=vector(1))
    make_place(name="좋아하던 곳", latitude=37.5600, embedding=vector(2))
    make_place(name="바라던 곳", latitude=37.5600, embedding=vector(3))

    assert names(find(limit=1, query_embedding=vector(3), taste=vector(2))) == ["바라던 곳"]
    assert names(find(limit=2, query_embedding=vector(3), taste=vector(2))) == [
        "바라던 곳",
        "좋아하던 곳",
    ]


def test_vectors_of_another_encoder_are_not_compared() -> None:
    make_place(name="가까운 곳", embedding=vector(1), encoder="one/1")
    make_place(name="비슷하던 곳", latitude=37.5600, embedding=vector(2), encoder="other/1")

    nearest = find(limit=1, query_embedding=vector(2), encoder="one/1")
    both = find(query_embedding=vector(2), encoder="one/1")

    assert names(nearest) == ["가까운 곳"]
    assert {
        place.candidate.name_ko: place.candidate.embedding is None for place in both.places
    } == {
        "가까운 곳": False,
        "비슷하던 곳": True,
    }


def test_chains_come_last_unless_wanted() -> None:
    make_place(name="체인", chain="어디나")
    make_place(name="하나뿐", latitude=37.5585)

    assert names(find(limit=1)) == ["하나뿐"]
    assert names(find(limit=1, chains_wanted=True)) == ["체인"]


def test_every_category_is_told_from_the_others() -> None:
    for name in CATEGORIES:
        make_place(name=name, category=name, **stated(OpeningHours(week=every_day(ALL_DAY))))

    found = find(categories=tuple(CATEGORIES))

    assert {place.candidate.name_ko: place.candidate.category for place in found.places} == {
        name: name for name in CATEGORIES
    }


def test_vectors_stay_with_their_places_where_some_have_none() -> None:
    for name, embedding in (("가", vector(1)), ("나", None), ("다", vector(3))):
        make_place(name=name, embedding=embedding)

    found = {place.candidate.name_ko: place.candidate.embedding for place in find().places}

    told = {name: None if own is None else int(own.argmax()) for name, own in found.items()}
    assert told == {"가": 1, "나": None, "다": 3}
