import csv
from pathlib import Path
from typing import Any

import pytest

from places.adapters.source import Feed, SourceAbsent
from places.adapters.visitseoul import VisitSeoul
from places.types import Draft, HoursText, Refusal, Row

# The columns of the list, and a museum made by hand in them.
ATTRACTION = {
    "고유번호": "15338", "언어": "ko", "상호명": "달빛박물관",
    "콘텐츠URL": "https://korean.visitseoul.net/attractions/moon/KOPkr613y?utm_source=x",
    "주소": " 서울 마포구 서교동 1 ", "신주소": "04000 서울 마포구 와우산로 1 (서교동, 달빛빌딩) ",
    "전화번호": "", "팩스번호": "", "웹사이트": "", "운영시간": "매일 10:00 - 19:00", "운영요일": "",
    "휴무일": "없음", "교통정보": "", "태그": "달빛, 홍대", "장애인편의시설": "접근가능,엘리베이터",
}  # fmt: skip
VENUE = {
    "번호": "1", "주제분류": "박물관/기념관", "문화시설명": "달빛 박물관", "자치구": "마포구",
    "주소": "서울특별시 마포구 와우산로 1", "위도": "37.5563", "경도": "126.9236", "휴관일": "",
    "관람시간": "", "관람료": "", "무료구분": "", "시설소개": "", "객석수": "", "개관일자": "",
}  # fmt: skip


def write(path: Path, *rows: dict[str, str]) -> None:
    with path.open("w", encoding="cp949", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        table.writeheader()
        table.writerows(rows)


def clean(folder: Path, *rows: dict[str, str]) -> list[Draft | Refusal]:
    write(folder / "visitseoul_attractions.csv", *rows)
    write(folder / "culture_venues.csv", VENUE)
    adapter = VisitSeoul()
    found = adapter.fetch(Feed(city="seoul", folder=folder))
    return [adapter.clean(row) if isinstance(row, Row) else row for row in found]


def test_an_attraction_is_placed_where_its_street_address_is_known(tmp_path: Path) -> None:
    english = ATTRACTION | {
        "고유번호": "7",
        "언어": "en",
        "상호명": "Moonlight Museum",
        "콘텐츠URL": "https://english.visitseoul.net/attractions/moon/ENPkr613y?utm_source=x",
    }

    (draft,) = clean(tmp_path, english, ATTRACTION)

    assert isinstance(draft, Draft)
    assert (draft.ref, draft.name, draft.name_en) == ("15338", "달빛박물관", "Moonlight Museum")
    assert (draft.category, draft.latitude, draft.longitude) == ("museum", 37.5563, 126.9236)
    assert (draft.district, draft.wheelchair) == ("마포구", True)
    assert draft.hours == HoursText(opening="매일 10:00 - 19:00")
    assert draft.payload["곳"]["by"] == "culture-venues:1"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"신주소": "04000 서울 마포구 와우산로 99"}, "no coordinates"),
        ({"신주소": "", "주소": ""}, "no coordinates"),
        ({"상호명": "달빛센터"}, "what it is stands nowhere"),
        ({"상호명": "..."}, "unnamed"),
    ],
)
def test_what_cannot_be_placed_or_named_is_refused(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    (refusal,) = clean(tmp_path, ATTRACTION | fields)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason


def test_a_hashtag_that_is_the_plain_word_tells_what_it_is(tmp_path: Path) -> None:
    (draft,) = clean(tmp_path, ATTRACTION | {"상호명": "달빛집", "태그": "홍대공원, 전망대"})

    assert isinstance(draft, Draft)
    assert draft.category == "viewpoint"


def test_without_a_list_that_knows_addresses_there_is_nothing_to_fetch(tmp_path: Path) -> None:
    write(tmp_path / "visitseoul_attractions.csv", ATTRACTION)

    with pytest.raises(SourceAbsent, match="No list lies beside it"):
        list(VisitSeoul().fetch(Feed(city="seoul", folder=tmp_path)))
