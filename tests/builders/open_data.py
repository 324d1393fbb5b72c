"""Writes small made-up files in the real formats of the open data that is imported."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERITAGE_COLUMNS = ("gu", "dong_tokens", "name", "address", "category", "lat", "lon", "url")
MUSEUM_COLUMNS = (
    "시설명", "박물관미술관구분", "소재지도로명주소", "소재지지번주소", "위도", "경도", "편의시설정보",
    "평일관람시작시각", "평일관람종료시각", "공휴일관람시작시각", "공휴일관람종료시각", "휴관정보",
    "어른관람료", "관람료기타정보", "박물관미술관소개", "데이터기준일자", "제공기관코드",
)  # fmt: skip
MARKET_COLUMNS = (
    "시장명", "시장유형", "소재지도로명주소", "소재지지번주소", "시장개설주기", "위도", "경도", "점포수",
    "취급품목", "주차장보유여부", "데이터기준일자",
)  # fmt: skip
CULTURE_COLUMNS = (
    "번호", "주제분류", "문화시설명", "주소", "자치구", "위도", "경도", "관람시간", "관람료", "휴관일",
    "대표이미지", "시설소개", "무료구분",
)  # fmt: skip
NIGHT_VIEW_COLUMNS = (
    "번호", "분류", "장소명", "주소", "위도", "경도", "운영시간", "유무료구분", "이용요금", "내용", "수정일시",
)  # fmt: skip
LIBRARY_COLUMNS = (
    "도서관 일련번호", "도서관명", "구명", "주소", "운영시간", "정기 휴관일", "도서관 구분명", "위도", "경도",
)  # fmt: skip
HOURS_COLUMNS = ("업소아이디", "업소명", "업소 주소", "업소정보")

# Two districts side by side; every default position below lies in the western one.
WEST, EAST = (126.90, 37.54, 126.95, 37.59), (126.95, 37.54, 127.00, 37.59)


def table(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], *, delimiter: str = ","
) -> str:
    """Return rows as delimited text; a column not given is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_districts(folder: Path) -> None:
    """Write the outlines of 마포구 (west) and 종로구 (east)."""
    boxes = {"마포구": ("Mapo-gu", WEST), "종로구": ("Jongno-gu", EAST)}
    features = [
        {
            "type": "Feature",
            "properties": {"SIG_KOR_NM": ko, "SIG_ENG_NM": en},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]],
            },
        }
        for ko, (en, (w, s, e, n)) in boxes.items()
    ]
    path = folder / "seoul_municipalities_geo_simple.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def feature(
    *, node: int, longitude: float = 126.9236, latitude: float = 37.5563, **tags: str
) -> dict[str, Any]:
    """Return one OpenStreetMap node; `name_en` stands for name:en."""
    tags = {name.replace("_en", ":en"): value for name, value in tags.items()}
    return {
        "type": "Feature",
        "id": f"node/{node}",
        "properties": {**tags, "id": f"node/{node}"},
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
    }


def write_osm(folder: Path, features: Sequence[Mapping[str, Any]]) -> Path:
    """Write an OpenStreetMap export of Seoul."""
    path = folder / "seoul.geojson"
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return path


def heritage(name: str, category: str, **fields: Any) -> dict[str, Any]:
    """Return one designation in 마포구."""
    defaults = {
        "gu": "마포구",
        "address": "서울특별시 마포구 와우산로 1",
        "lat": 37.5563,
        "lon": 126.9236,
    }
    return {"name": name, "category": category, **defaults, **fields}


def write_heritage(folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path = folder / "seoul_heritage.tsv"
    path.write_text(table(HERITAGE_COLUMNS, rows, delimiter="\t"), "utf-8")


def museum(name: str, **fields: Any) -> dict[str, Any]:
    """Return one museum in 마포구, open from ten to six but on Mondays, of unknown fee."""
    defaults = dict.fromkeys(MUSEUM_COLUMNS, "") | {
        "박물관미술관구분": "사립",
        "소재지도로명주소": "서울특별시 마포구 와우산로 1",
        "위도": "37.5563",
        "경도": "126.9236",
        "평일관람시작시각": "10:00",
        "평일관람종료시각": "18:00",
        "공휴일관람시작시각": "10:00",
        "공휴일관람종료시각": "18:00",
        "휴관정보": "매주 월요일",
        "어른관람료": "0",
        "데이터기준일자": "2024-10-10",
    }
    return {**defaults, "시설명": name, **fields}


def write_museums(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    document = {"fields": [{"id": column} for column in MUSEUM_COLUMNS], "records": records}
    path = folder / "museums_standard.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def write_cp949(
    folder: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    (folder / name).write_bytes(table(columns, rows).encode("cp949"))


def write_with_mark(
    folder: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write a CSV in UTF-8 with a byte order mark."""
    (folder / name).write_bytes(b"\xef\xbb\xbf" + table(columns, rows).encode())
