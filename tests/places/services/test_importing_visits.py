"""Files of check-ins: what is understood counts, once; the rest is set aside with its reason."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from places.models import CountedVisit, PlaceCongestionDaily, PlaceSource, RefusedVisit
from places.services.importing_visits import FileUnreadable, VisitImport, VisitImported
from tests.builders.places import make_city, make_place, make_source

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def run(path: Path, text: str | bytes, *, is_local: bool = False) -> VisitImported:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return VisitImport().run(path=path, city="seoul", is_complete=False, is_local=is_local, now=NOW)


def days() -> dict[tuple[str, date], int]:
    rows = PlaceCongestionDaily.objects.values_list("place__name", "date", "visitors_count")
    return {(name, day): visitors for name, day, visitors in rows}


def test_a_table_counts_and_counts_no_second_time(tmp_path: Path) -> None:
    by_id, by_ref = make_place(name="번호로"), make_place(name="이름표로", latitude=37.57)
    make_place(name="자리로", latitude=37.58)
    PlaceSource.objects.create(place=by_ref, source=make_source(), external_ref="node/7")
    text = (
        "place,latitude,longitude,at,left_at\n"
        f"{by_id.public_id},,,2026-11-20T13:00:00+09:00,2026-11-20T14:00:00+09:00\n"
        f"{by_id.public_id},,,2026-11-20T13:00:00+09:00,2026-11-20T14:00:00+09:00\n"
        "osm:node/7,,,2026-11-20T13:00:00+09:00,\n"
        ",37.5801,126.9236,2026-11-20T23:30:00Z,\n"
    )

    first = run(tmp_path / "visits.csv", text)
    again = run(tmp_path / "visits.csv", text)

    day = date(2026, 11, 20)
    assert (first.counted, first.repeated) == (4, 0)
    assert (again.counted, again.repeated) == (0, 4)
    assert days() == {
        ("번호로", day): 2,
        ("이름표로", day): 1,
        ("자리로", date(2026, 11, 21)): 1,
    }
    assert CountedVisit.objects.count() == 4


def test_rows_with_a_name_of_their_own_count_once_in_whatever_file(tmp_path: Path) -> None:
    place = make_place()
    row = f'{{"place": "{place.public_id}", "at": "2026-11-20T13:00:00Z", "ref": "visit 1"}}\n'

    run(tmp_path / "one.jsonl", row)
    again = run(tmp_path / "two.jsonl", row + row)

    assert (again.counted, again.repeated) == (0, 2)


def test_bad_rows_are_set_aside_by_line_and_reason(tmp_path: Path) -> None:
    place = make_place().public_id
    text = "\n".join(
        [
            f'{{"place": "{place}", "at": "2026-11-20T13:00:00Z"}}',
            "{nonsense",
            f'{{"place": "{place}", "at": "2026-11-20T13:00:00"}}',
            f'{{"place": "{place}", "at": "2026-11-20"}}',
            f'{{"place": "{place}", "at": 5}}',
            '{"at": "2026-11-20T13:00:00Z"}',
            '{"latitude": "NaN", "longitude": 126.9, "at": "2026-11-20T13:00:00Z"}',
            '{"latitude": 37.0, "longitude": 126.9, "at": "2026-11-20T13:00:00Z"}',
            '{"place": "a\\u0000b", "at": "2026-11-20T13:00:00Z"}',
            f'{{"place": "{place}", "at": "2027-11-20T13:00:00Z"}}',
            f'{{"place": "{place}", "at": "0001-01-01T00:00:00+14:00"}}',
            f'{{"place": "{place}", "at": "2026-11-20T13:00:00Z", "user": "kim"}}',
            '{"place": "' + "x" * 20_000 + '"}',
            f'{{"place": "{place}", "at": "2026-11-20T15:00:00Z"}}',
        ]
    )

    done = run(tmp_path / "visits.jsonl", text)
    run(tmp_path / "visits.jsonl", text)

    assert (done.read, done.counted) == (14, 2)
    assert list(RefusedVisit.objects.order_by("line").values_list("line", "reason")) == [
        (2, "no_json"), (3, "naive_time"), (4, "no_time"), (5, "no_time"),
        (6, "no_place_and_no_position"), (7, "no_place_and_no_position"), (8, "place_unknown"),
        (9, "place_unknown"), (10, "in_the_future"), (11, "too_old"), (12, "unknown_columns"),
        (13, "line_too_long"),
    ]  # fmt: skip


def test_a_table_that_is_half_wrong_counts_by_half(tmp_path: Path) -> None:
    place = str(make_place().public_id).encode()
    good = b"2026-11-20T13:00:00Z"
    rows = [
        b"place,at", b"\xc0\xfd," + good, place, b'"' + place + b'"x,' + good, b"",
        place + b"," + good, b'"' + place,
    ]  # fmt: skip

    done = run(tmp_path / "visits.csv", b"\n".join(rows))

    assert done.counted == 1
    assert list(RefusedVisit.objects.order_by("line").values_list("line", "reason")) == [
        (2, "not_utf8"), (3, "other_number_of_cells"), (4, "no_csv"), (7, "no_csv"),
    ]  # fmt: skip


def test_times_of_the_citys_clocks_are_taken_where_they_are_said_to_be(tmp_path: Path) -> None:
    place = make_place().public_id

    done = run(tmp_path / "visits.csv", f"place,at\n{place},2026-11-20 00:10\n", is_local=True)

    assert done.counted == 1
    (day,) = PlaceCongestionDaily.objects.all()
    assert (day.date, day.hour_profile[0]) == (date(2026, 11, 20), 1)


def test_a_time_that_the_clock_skips_is_none(tmp_path: Path) -> None:
    prague = make_city(slug="prague", time_zone="Europe/Prague", country="CZ", currency="CZK")
    place = make_place(city=prague, time_zone="Europe/Prague", currency="CZK")
    path = tmp_path / "visits.csv"
    path.write_text(f"place,at\n{place.public_id},2026-03-29T02:30:00\n")

    done = VisitImport().run(path=path, city="prague", is_complete=False, is_local=True, now=NOW)

    assert dict(done.refused) == {"time_does_not_exist": 1}


@pytest.mark.parametrize(
    "text", ["", "when,who\n1,2\n", "at,at\n1,2\n", b"\xff\xfe\n1\n", "place\nx\n"]
)
def test_what_is_no_table_of_visits_is_refused_as_a_whole(
    tmp_path: Path, text: str | bytes
) -> None:
    make_city()

    with pytest.raises(FileUnreadable):
        run(tmp_path / "visits.csv", text)

    assert not RefusedVisit.objects.exists()


def test_the_command_tells_what_became_of_the_rows(tmp_path: Path) -> None:
    place, out = make_place().public_id, StringIO()
    path = tmp_path / "visits.csv"
    path.write_text(f"place,at\n{place},{timezone.now().isoformat()}\n{place},soon\n")

    call_command("import_visits", path, city="seoul", fold=True, stdout=out)

    assert out.getvalue().splitlines() == [
        "2 rows: 1 counted, 0 known already, 1 refused",
        "          1  no_time",
        "0 profiles of places",
    ]


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_the_command_says_what_cannot_be_read(tmp_path: Path, name: str) -> None:
    make_city()

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_visits", tmp_path / name, city="seoul")


def test_the_command_knows_the_loaded_cities_alone(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No city atlantis"):
        call_command("import_visits", tmp_path / "absent.csv", city="atlantis")
