import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from places.services.saying import say
from places.services.storing import PlaceStore
from places.types import PlaceRecord
from tests.builders.places import make_city, make_source

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SHARES = st.floats(0, 1)
DAYS = st.none() | st.dates().map(lambda day: day.isoformat())
ANSWERS = st.sampled_from([None, True, False])
STORED = """
SELECT to_jsonb(p) - '{id,public_id,last_synced_at,created_at,updated_at}'::text[],
    (SELECT jsonb_agg(to_jsonb(s) - '{id,place_id}'::text[]) FROM places_placesource s WHERE s.place_id = p.id)
FROM places_place p
"""


def make_record(*, ref: str = "1", **fields: Any) -> PlaceRecord:
    return PlaceRecord(
        latitude=fields.pop("latitude", 37.5),
        longitude=fields.pop("longitude", 127.0),
        fields={
            "city_id": "seoul",
            "name": "다락",
            "names": {"ko": "다락", "en": "Darak"},
            "has_romanised_name": True,
            "category": "cafe",
            "source_class": "",
            "chain": "",
            "site": "",
            "address": "",
            "district": "종로구",
            "time_zone": "Asia/Seoul",
            "currency": "KRW",
            "cost_low": 4_000,
            "cost_high": 9_000,
            "cost_band": "low",
            "cost_provenance": "prior",
            "stay_min": 60,
            "stay_provenance": "prior",
            "hours": None,
            "hours_provenance": "prior",
            "hours_source": "",
            "hours_as_of": None,
            "hours_text": "",
            "mood_scores": {},
            "congestion_score": 0.25,
            "indoor": None,
            "pets_allowed": None,
            "wheelchair": None,
            "parking": None,
            "quality": 0.5,
            "popularity": 0.3,
            "freshness": 1.0,
            "description": "종로구 카페",
            "facts": {"name": {"from": "made:1", "provenance": "stated"}},
            "as_of": None,
            **fields,
        },
        sources=(
            {
                "source": "made",
                "external_ref": ref,
                "source_class": "",
                "as_of": fields.get("as_of"),
                "payload": fields.pop("payload", {"name": fields.get("name", "다락")}),
            },
        ),
    )


RECORDS = st.builds(
    make_record,
    name=TEXTS.filter(bool),
    names=st.fixed_dictionaries({"ko": TEXTS, "en": TEXTS}),
    address=TEXTS,
    hours_text=TEXTS,
    description=TEXTS,
    cost_low=st.integers(0, 5_000),
    popularity=SHARES,
    quality=SHARES,
    indoor=ANSWERS,
    parking=ANSWERS,
    as_of=DAYS,
    mood_scores=st.dictionaries(st.sampled_from(["quiet", "nature"]), SHARES),
    latitude=st.floats(37.4, 37.7),
    longitude=st.floats(126.8, 127.2),
)


def merge(record: PlaceRecord, *, store: PlaceStore | None = None) -> Any:
    return (store or PlaceStore()).merge(
        records=[record],
        touched=[("made", row["external_ref"]) for row in record.sources],
        sources=["made"],
        origin="made",
        now=NOW,
    )


def read_stored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(STORED)
        return [tuple(map(json.loads, row)) for row in cursor.fetchall()]


@example(record=make_record(name='a "tab\t\\n', address="줄\n바꿈\\N", hours_text="\\."))
@given(record=RECORDS)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_place_that_is_new_is_written_as_one_that_takes_another_ones_place(
    record: PlaceRecord,
) -> None:
    with transaction.atomic():
        make_city()
        make_source(slug="made")
        new = merge(record)
        added = read_stored()
        merge(make_record(name="무엇인가 다른 곳", stay_min=15))
        updated = merge(record)

        assert (new.created, updated.updated) == (1, 1)
        assert read_stored() == added
        assert merge(record).unchanged == 1
        transaction.set_rollback(True)


def test_new_places_are_written_in_the_order_of_their_geohash() -> None:
    make_city()
    make_source(slug="made")
    spots = [(37.5 + n * 37 % 50 / 500, 126.9 + n * 23 % 50 / 300) for n in range(50)]
    records = [
        make_record(ref=str(n), latitude=latitude, longitude=longitude)
        for n, (latitude, longitude) in enumerate(spots)
    ]

    counts = PlaceStore().merge(
        records=records,
        touched=[("made", str(n)) for n in range(50)],
        sources=["made"],
        origin="made",
        now=NOW,
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_GeoHash(location, 8) FROM places_place ORDER BY id")
        hashes = [geohash for (geohash,) in cursor.fetchall()]
    assert counts.created == 50
    assert hashes == sorted(hashes)


def test_new_places_may_wait_for_their_vectors() -> None:
    make_city()
    make_source(slug="made")

    counts = merge(make_record(), store=PlaceStore(encodes_later=True))

    [(place, _)] = read_stored()
    assert counts.created == 1
    assert (place["embedding"], place["encoder"]) == (None, "")


def test_the_hash_of_a_record_is_the_one_by_which_it_was_always_known() -> None:
    said = say(make_record(payload={"b": [1, 2.5, None], "a": 'x"y'}))

    assert said.hash == "5f84ecfbbacba0f028047d8f0c3f9534835dd19e47613d6e7e65f54c9d5b071c"


def test_no_nul_is_kept_of_a_record() -> None:
    make_city()
    make_source(slug="made")

    merge(make_record(address="종로\0구", payload={"note": "a\0b"}))

    [(place, sources)] = read_stored()
    assert place["address"] == "종로구"
    assert sources[0]["payload"] == {"note": "ab"}
