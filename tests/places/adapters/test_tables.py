from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from places.adapters.mapping import MappingFaulty, read_mapping
from places.adapters.reading import UnreadableFile
from places.adapters.registry import MAPPINGS, SourceUnknown, find_adapter, list_sources
from places.adapters.source import Feed
from places.adapters.tables import MappedTable
from places.types import Draft, HoursText, Refusal, Row

MAPPING = """\
source:
  slug: guild-teahouses
  name: Guild of tea houses
  licence: CC BY 4.0
  attribution: Guild of tea houses
files: [teahouses.csv]
columns:
  ref: 번호
  name: 상호
  category: 종류
  latitude: 위도
  longitude: 경도
  address: 주소
  opening: 시간
  fee: 요금
  parking: 주차
  as_of: 기준일
categories:
  찻집: cafe
  떡집: dessert
  사무실: "-"
"""
HEADER = "번호,상호,종류,위도,경도,주소,시간,요금,주차,기준일"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "guild.yaml"
    path.write_text(MAPPING, "utf-8")
    return path


def clean(mapping: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> list[Draft | Refusal]:  # fmt: skip
    table = MappedTable.of(mapping)
    file = mapping.parent / table.files[0]
    file.write_text("\n".join([header, *lines]), encoding)
    rows = table.fetch(Feed(city="seoul", folder=mapping.parent))
    return [table.clean(row) if isinstance(row, Row) else row for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_columns_say_what_the_mapping_says(mapping: Path, encoding: str) -> None:
    line = (
        "7,달빛찻집,찻집,37.5563,126.9236,서울 마포구 와우산로 1,10:00~22:00,무료,있음,2025-03-01"
    )

    (draft,) = clean(mapping, line, encoding=encoding)

    assert isinstance(draft, Draft)
    assert (draft.source, draft.ref, draft.where) == ("guild-teahouses", "7", "line 2")
    assert (draft.name, draft.category, draft.source_class) == ("달빛찻집", "cafe", "찻집")
    assert (draft.latitude, draft.longitude, draft.district) == (37.5563, 126.9236, "마포구")
    assert (draft.hours, draft.cost) == (HoursText(opening="10:00~22:00"), (0, 0))
    assert (draft.parking, draft.as_of) == (True, date(2025, 3, 1))


def test_rows_that_are_none_are_refused_one_by_one(mapping: Path) -> None:
    office, unlisted, nowhere, cut, fine = clean(
        mapping,
        "1,달빛회,사무실,37.5,126.9,,,,,",
        "2,달빛상회,잡화,37.5,126.9,,,,,",
        "3,달빛찻집,찻집,,,,,,,",
        "4,달빛",
        "5,달빛떡집,떡집,37.5,126.9,,,,,",
    )

    assert office == Refusal("line 2", "not a trip stop", "달빛회: 사무실", expected=True)
    assert unlisted == Refusal("line 3", "not a trip stop", "달빛상회: 잡화", expected=True)
    assert nowhere == Refusal("line 4", "no coordinates")
    assert cut == Refusal("line 5", "wrong number of columns", "4,달빛")
    assert isinstance(fine, Draft)


@pytest.mark.parametrize("days", ["2026-11-20,", ",", "0000-00-00,0000-00-00", "봄,여름"])
def test_an_event_without_its_days_is_no_lasting_place(mapping: Path, days: str) -> None:
    said = "  valid_from: 시작\n  valid_until: 종료\n"
    mapping.write_text(MAPPING.replace("  as_of: 기준일\n", f"  as_of: 기준일\n{said}"), "utf-8")

    (refused,) = clean(
        mapping, f"7,달빛찻집,찻집,37.5,126.9,,,,,,{days}", header=f"{HEADER},시작,종료"
    )

    assert refused == Refusal("line 2", "no days", "달빛찻집")


@pytest.mark.parametrize(
    ("fee", "cost"),
    [('"250"', (25_000, 25_000)), ('"1.250,50"', (125_050, 125_050)), ("250 Kč", (25_000, 25_000)),
     ("5 EUR", None), ("vstup zdarma", None), ('"0"', None)],
)  # fmt: skip
def test_a_table_may_spell_numbers_and_money_as_its_country_does(
    mapping: Path, fee: str, cost: tuple[int, int] | None
) -> None:
    mapping.write_text(f'{MAPPING}decimal: ","\ncurrency: CZK\n', "utf-8")

    (draft,) = clean(mapping, f'7,Čajovna,찻집,"50,0875","14,4213",,,{fee},,')

    assert isinstance(draft, Draft)
    assert (draft.latitude, draft.longitude, draft.cost) == (50.0875, 14.4213, cost)


def test_coordinates_may_lie_within_an_object(mapping: Path) -> None:
    text = MAPPING.replace("위도", "곳.위도").replace("경도", "곳.경도")
    mapping.write_text(f"{text}format: json\n", "utf-8")
    values = dict.fromkeys(HEADER.split(","), "") | {"상호": "달빛찻집", "종류": "찻집"}

    draft = MappedTable.of(mapping).clean(
        Row("record 1", values | {"곳": {"위도": "37.5", "경도": 126.9}})
    )

    assert isinstance(draft, Draft)
    assert (draft.latitude, draft.longitude) == (37.5, 126.9)


def test_a_grid_is_reckoned_into_degrees(mapping: Path) -> None:
    text = MAPPING.replace("latitude: 위도", "x: 위도").replace("longitude: 경도", "y: 경도")
    mapping.write_text(text + "srid: 5186\n", "utf-8")

    (draft,) = clean(mapping, "7,달빛찻집,찻집,200000,600000,,,,,")

    assert isinstance(draft, Draft)
    assert (round(draft.latitude, 6), round(draft.longitude, 6)) == (38, 127)


def test_a_file_without_its_columns_is_unreadable(mapping: Path) -> None:
    with pytest.raises(UnreadableFile, match="상호, 위도 not found"):
        clean(mapping, "1,2", header="a,b")


def test_a_table_without_a_column_of_the_mapping_is_unreadable_and_names_it(mapping: Path) -> None:
    with pytest.raises(
        UnreadableFile, match="there is no column 요금, which the mapping names for fee"
    ):
        clean(mapping, "7,달빛찻집,찻집,37.5,126.9,,,,", header=HEADER.replace("요금,", ""))


@pytest.mark.parametrize(
    ("was", "said", "fault"),
    [
        ("  상호: x", "", ""),
        ("  name: 상호\n", "", "line 7: columns: name is missing"),
        ("latitude: 위도", "lattitude: 위도", "line 11: lattitude is none of ref, name,"),
        ("  longitude: 경도\n", "", "line 7: columns: say latitude and longitude, or x and y"),
        ("찻집: cafe", "찻집: teahouse", "line 19: 찻집 must be one of cafe, dessert"),
        ("slug: guild-teahouses", "slug: Guild Teahouses", "line 2: slug must be of a-z"),
        ("licence: CC BY 4.0", "licence: [CC, BY]", "line 4: licence must be a text"),
        ("ref: 번호", "ref: no", "line 8: ref must be a text: put it in quotes"),
        ("  name: Guild of tea houses\n", "", "source: name is missing"),
        ("files: [teahouses.csv]", "files: 7", "line 6: files must be a list of texts"),
        ("files: [teahouses.csv]", "files: []", "line 6: files: the name of a file is missing"),
        ("[teahouses.csv]", "['{town}.csv']", "line 6: files: {town}.csv is no name of a file"),
        ("[teahouses.csv]", "[/etc/passwd]", "line 6: files: /etc/passwd is no name of a file"),
        ("[teahouses.csv]", "[../a.csv]", "line 6: files: ../a.csv is no name of a file"),
        ("[teahouses.csv]", "['**a.csv']", "line 6: files: **a.csv is no name of a file"),
        ("name: Guild of tea houses", f"name: {'x' * 161}", "name must be of at most 160 letters"),
        ("CC BY 4.0", '"a\\0b"', "line 4: licence holds a NUL"),
        ("  licence", "  grace_syncs: 0\n  licence", "line 4: grace_syncs must be a whole number"),
        ("  licence", "  grace_syncs: 1.0e+400\n  licence", "line 4: 1.0e+400 is no number"),
        ("  licence", "  grace_syncs: 1.5\n  licence", "from 1 to 100"),
        ("categories:", "srid: 99\ncategories:", "line 18: EPSG:99 is not known"),
        ("categories:", "by_name:\n  '(': cafe\ncategories:", "line 19: ( is no pattern"),
        ("  fee: 요금", "  fee: 요금\n  fee: 돈", "line 16: fee is said twice"),
        ("  fee: 요금", "  fee: [요금", "line "),
    ],
)
def test_a_fault_is_told_with_its_line(mapping: Path, was: str, said: str, fault: str) -> None:
    mapping.write_text(MAPPING.replace(was, said), "utf-8")

    if not fault:
        assert read_mapping(mapping).terms.slug == "guild-teahouses"
        return
    with pytest.raises(MappingFaulty) as failure:
        read_mapping(mapping)

    assert str(failure.value).startswith("guild.yaml, line ")
    assert fault in str(failure.value)


def test_a_mapping_in_the_operators_folder_is_a_source(mapping: Path) -> None:
    (mapping.parent / "broken.yaml").write_text("source: []\n", "utf-8")

    with override_settings(PLACE_MAPPINGS=str(mapping.parent)):
        found = find_adapter("guild-teahouses")
        with pytest.raises(SourceUnknown) as failure:
            find_adapter("nobodys")

    assert found.terms.name == "Guild of tea houses"
    assert str(failure.value) == "nobodys; broken.yaml, line 1: files is missing"


def test_the_mappings_that_are_shipped_can_be_used() -> None:
    slugs = [adapter.terms.slug for adapter in list_sources().adapters]

    assert len(set(slugs)) == len(slugs)
    assert {"city-parks-standard", "festivals-standard", "performances-standard"} <= set(slugs)


def test_a_standard_set_comes_as_a_table_or_as_json(tmp_path: Path) -> None:
    table = MappedTable.of(MAPPINGS / "festivals_standard.yaml")
    columns = ["축제명", "축제시작일자", "축제종료일자", "축제내용", "소재지도로명주소", "소재지지번주소", "위도", "경도", "데이터기준일자"]  # fmt: skip
    cells = ["달빛축제", "2026-11-20", "2026-11-22", "달을 본다", "서울특별시 마포구 와우산로 1", "", "37.55", "126.92", "2026-01-02"]  # fmt: skip
    text = f"{','.join(columns)}\n{','.join(cells)}\n"
    (tmp_path / "festivals_standard.csv").write_text(text, "cp949")
    record = ", ".join(f'"{name}": "{cell}"' for name, cell in zip(columns, cells, strict=True))
    as_json = tmp_path / "festivals.json"
    as_json.write_text(f'{{"fields": [], "records": [{{{record}}}]}}', "utf-8")

    feeds = [Feed(city="seoul", folder=tmp_path), Feed(city="seoul", file=as_json)]
    rows = [next(iter(table.fetch(feed))) for feed in feeds]

    assert [row.values for row in rows if isinstance(row, Row)] == [dict(zip(columns, cells, strict=True))] * 2  # fmt: skip
    draft = table.clean(rows[0]) if isinstance(rows[0], Row) else None
    assert isinstance(draft, Draft)
    assert (draft.category, draft.valid_from, draft.valid_until) == (
        "activity",
        date(2026, 11, 20),
        date(2026, 11, 22),
    )
