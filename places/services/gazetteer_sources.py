"""Reads the raw material of a gazetteer: outlines, stations, hotspots, streets, the hand-made file."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Point

from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.text.normalising import similarity
from engine.text.romanising import romanise
from places.adapters.geography import District
from places.services.street_naming import name_street_in_english

WGS84: Final = 4326
METRES_PER_DEGREE: Final = 111_195.0
OUTLINE_TOLERANCE_DEG: Final = 0.0004  # about 40 m: outlines place an area, they measure nothing
EDGE_DEG: Final = 0.003  # about 300 m: a station or park just over the city's edge still serves it
MIXED_STATION_KM: Final = 0.5  # a "station" wider than that is two stations of one name

STATIONS: Final = "Seoul open data: subway stations"
HOTSPOTS: Final = "Seoul open data: 120 hotspots"
STREETS: Final = "Korean public data: named streets of Seoul; centre of their dong"
DONGS: Final = "Statistics Korea: administrative dong outlines"
DISTRICTS: Final = "Statistics Korea: district outlines"
HAND: Final = "Dongne: made by hand"


class GazetteerUnreadable(DomainError):
    """A file of the gazetteer's raw material is missing or not what it should be."""

    kind = Kind.INVALID
    code = "places/gazetteer-unreadable"
    detail = Bilingual(
        ko="지명 자료 {path} 파일을 읽을 수 없습니다: {reason}",
        en="The gazetteer file {path} cannot be read: {reason}",
    )


T = TypeVar("T")
Refused = tuple[str, str]  # a name and why it was left out
Read = tuple[list["GazetteerArea"], list[Refused]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerArea:
    """
    One area on its way into the gazetteer.

    A shared alias may name other areas as well; every other name of a hand-made area is its alone.
    """

    slug: str
    name_ko: str
    name_en: str
    aliases: tuple[str, ...]
    kind: str
    centre: Point
    radius_m: int
    outline: MultiPolygon | None
    source: str
    shared_aliases: tuple[str, ...] = ()
    district: str = ""  # tells areas of one name apart


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMaterial:
    """Everything read from one folder, and what was left out with its reason."""

    districts: list[GazetteerArea] = field(default_factory=list)
    dongs: list[GazetteerArea] = field(default_factory=list)
    stations: list[GazetteerArea] = field(default_factory=list)
    hotspots: list[GazetteerArea] = field(default_factory=list)
    streets: list[GazetteerArea] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_raw_material(*, folder: Path) -> RawMaterial:
    """
    Read the folder that holds `seoul_more` (`areas/` and the named streets).

    Raises:
        GazetteerUnreadable: a file is missing, in another encoding or not well-formed.
    """
    areas = folder / "areas"
    districts = _guarded(areas / "seoul_municipalities_geo_simple.json", _read_districts)
    names_en = _guarded(areas / "dong_name_ko_en.json", _read_object)
    dongs = _guarded(areas / "admin_dong_seoul.geojson", lambda path: _read_dongs(path, names_en))
    tables = (
        _guarded(areas / "stations.csv", _read_stations),
        _guarded(areas / "hotspots_120.csv", _read_hotspots),
        _guarded(folder / "tour_streets.csv", _read_streets),
    )
    city = union([area.outline for area in districts if area.outline]).buffer(EDGE_DEG).prepared
    refused = [refusal for _, misfits in tables for refusal in misfits]
    kept: list[list[GazetteerArea]] = []
    for rows, _ in tables:
        inside = [row for row in rows if city.contains(row.centre)]
        refused += [(row.name_ko, "outside the city") for row in rows if row not in inside]
        kept.append(inside)
    return RawMaterial(
        districts=districts,
        dongs=dongs,
        stations=kept[0],
        hotspots=kept[1],
        streets=kept[2],
        refused=refused,
    )


def read_hand_made(*, path: Path) -> list[dict[str, str]]:
    """
    Read the hand-made file: its rows with `anchor` still to be looked up.

    Raises:
        GazetteerUnreadable: the file is missing or not UTF-8.
    """
    return _guarded(path, _rows)


def district_areas(districts: Sequence[District]) -> list[GazetteerArea]:
    """Return the outlines that are shipped with a city as its districts."""
    return [
        GazetteerArea(
            slug=slugify(district.name_en),
            name_ko=district.name_ko,
            name_en=district.name_en,
            aliases=(),
            kind="district",
            centre=_inner_point(district.outline),
            radius_m=equivalent_radius_m(district.outline),
            outline=district.outline,
            source=HAND,
            district=district.name_ko,
        )
        for district in districts
    ]


def slugify(name_en: str) -> str:
    """Return a Latin name as a slug."""
    return re.sub(r"[^a-z0-9]+", "-", name_en.casefold().replace("'", "")).strip("-")


def union(outlines: Sequence[MultiPolygon]) -> MultiPolygon:
    """Return one outline around all of `outlines`."""
    merged = MultiPolygon([p for outline in outlines for p in outline], srid=WGS84).unary_union
    return _multi(merged)


def simplify(outline: MultiPolygon) -> MultiPolygon:
    """Return `outline` without detail below OUTLINE_TOLERANCE_DEG."""
    return _multi(outline.simplify(OUTLINE_TOLERANCE_DEG, preserve_topology=True))


def equivalent_radius_m(outline: GEOSGeometry) -> int:
    """Return the radius of the circle of the same area, to ten metres, at least 100."""
    square = METRES_PER_DEGREE**2 * math.cos(math.radians(outline.centroid.y))
    return max(100, round(math.sqrt(outline.area * square / math.pi) / 10) * 10)


def _multi(geometry: GEOSGeometry) -> MultiPolygon:
    return geometry if isinstance(geometry, MultiPolygon) else MultiPolygon(geometry, srid=WGS84)


def _inner_point(outline: MultiPolygon) -> Point:
    """Return the centroid, or where that lies outside, a point inside."""
    centroid = outline.centroid
    return centroid if outline.contains(centroid) else outline.point_on_surface


def _guarded(path: Path, read: Callable[[Path], T]) -> T:
    try:
        return read(path)
    except (OSError, UnicodeDecodeError, ValueError, KeyError, GEOSException) as error:
        raise GazetteerUnreadable(path=path.name, reason=str(error)) from error


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _read_object(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8-sig"))
    return content


def _features(path: Path) -> list[tuple[dict[str, Any], MultiPolygon]]:
    return [
        (
            feature["properties"],
            _multi(GEOSGeometry(json.dumps(feature["geometry"]), srid=WGS84).buffer(0)),
        )
        for feature in _read_object(path)["features"]
    ]


def _read_districts(path: Path) -> list[GazetteerArea]:
    return [
        GazetteerArea(
            slug=slugify(row["SIG_ENG_NM"]),
            name_ko=row["SIG_KOR_NM"],
            name_en=row["SIG_ENG_NM"],
            aliases=_bare_district(row["SIG_KOR_NM"], row["SIG_ENG_NM"]),
            kind="district",
            centre=_inner_point(outline),
            radius_m=equivalent_radius_m(outline),
            outline=outline,
            source=DISTRICTS,
            district=row["SIG_KOR_NM"],
        )
        for row, outline in _features(path)
    ]


def _bare_district(name_ko: str, name_en: str) -> tuple[str, ...]:
    """Return 마포 for 마포구; of 중구 nothing is left to say."""
    bare_ko, bare_en = name_ko.removesuffix("구"), name_en.removesuffix("-gu")
    return (bare_ko, bare_en, f"{bare_en} District") if len(bare_ko) > 1 else ()


def _read_dongs(path: Path, names_en: dict[str, str]) -> list[GazetteerArea]:
    """Return the neighbourhoods people name: 망원1동 and 망원2동 are 망원동."""
    groups: dict[tuple[str, str], list[tuple[str, MultiPolygon]]] = {}
    for row, outline in _features(path):
        name = row["adm_nm"].split()[-1]
        groups.setdefault((row["sggnm"], _plain_dong(name)), []).append((name, outline))
    return [
        _dong(district, name, members, names_en) for (district, name), members in groups.items()
    ]


def _plain_dong(name: str) -> str:
    """Return an administrative dong's name without its number: 성수1가2동 → 성수동."""
    return re.sub(r"^(\D+?)(?:\d[\d·]*가)?(?:\d[\d·]*|본)?동$", r"\1동", name)


def _dong(
    district: str,
    name: str,
    members: list[tuple[str, MultiPolygon]],
    names_en: dict[str, str],
) -> GazetteerArea:
    outline = union([shape for _, shape in members])
    official = names_en.get(members[0][0], "")
    bare_en = re.sub(r"(?: \d.*| \(.*|-bon|-dong| \d*-?ga)$", "", official) or romanise(name[:-1])
    name_en = f"{bare_en}-dong"
    numbered = tuple(member for member, _ in members if member != name)
    return GazetteerArea(
        slug=slugify(name_en),
        name_ko=name,
        name_en=name_en,
        aliases=(*_bare_dong(name, bare_en), *numbered),
        kind="neighbourhood",
        centre=_inner_point(outline),
        radius_m=equivalent_radius_m(outline),
        outline=outline,
        source=DONGS,
        district=district,
    )


def _bare_dong(name: str, bare_en: str) -> tuple[str, ...]:
    """Return what is said without 동, where it is long enough to be a name of its own."""
    bare = name.removesuffix("동")
    return ((bare,) if len(bare) > 1 else ()) + ((bare_en,) if len(bare_en) > 4 else ())


def _read_stations(path: Path) -> Read:
    areas: list[GazetteerArea] = []
    refused: list[Refused] = []
    for row in _rows(path):
        if float(row["spread_km"]) > MIXED_STATION_KM:
            refused.append((row["name_ko"], "two stations of one name, apart"))
            continue
        station = _station(row)
        if any(station.name_ko == other.name_ko for other in areas):
            refused.append((row["name_ko"], "listed twice"))
            continue
        areas.append(station)
    return areas, refused


def _station(row: dict[str, str]) -> GazetteerArea:
    bare_ko, bare_en = row["name_ko"].removesuffix("역"), _station_name_en(row)
    return GazetteerArea(
        slug=slugify(f"{bare_en} station"),
        name_ko=f"{bare_ko}역",
        name_en=f"{bare_en} Station",
        aliases=(bare_ko, bare_en),
        kind="station",
        centre=Point(float(row["lon"]), float(row["lat"]), srid=WGS84),
        radius_m=450,  # the blocks around its exits
        outline=None,
        source=STATIONS,
    )


def _station_name_en(row: dict[str, str]) -> str:
    """
    Return the English name, mended; romanised where it is missing or another station's.

    One word that sounds nothing like the Korean is the name of before a renaming.
    """
    name = re.sub(r"\s+", " ", row["name_en"].replace("`", "'")).strip()
    name = re.sub(r"(\d)\(\w+\)", r"\1", name).removesuffix(" Station")
    spoken = romanise(row["name_ko"])
    is_other = " " not in name and similarity(name.replace("-", ""), spoken) < 0.2
    return spoken if not name or is_other else name


def _read_hotspots(path: Path) -> Read:
    return [_hotspot(row) for row in _rows(path)], []


def _hotspot(row: dict[str, str]) -> GazetteerArea:
    outline = _multi(GEOSGeometry(row["polygon_wkt_4326"], srid=WGS84).buffer(0))
    parts = tuple(part.strip() for part in re.split(r"[·(),]", row["name_ko"]) if part.strip(" )"))
    kinds = {"공원": "landmark", "고궁·문화유산": "landmark", "인구밀집지역": "station"}
    return GazetteerArea(
        slug=row["area_cd"],  # until it is named: hand-made areas are anchored by it
        name_ko=row["name_ko"],
        name_en=row["name_en"].strip(),
        aliases=parts if len(parts) > 1 else (),
        kind=kinds.get(row["category"], "area"),
        centre=Point(float(row["lon"]), float(row["lat"]), srid=WGS84),
        radius_m=min(1500, max(300, equivalent_radius_m(outline))),
        outline=outline,
        source=HOTSPOTS,
        district=row["gu"].split()[-1] if row["gu"] else "",
    )


_STREET_ENDINGS: Final = re.compile(
    r"(거리|길|골목|로|마을|웨이|화랑가|갤러리골|아시아촌|차이나타운|가구단지|시장)$"
)


def _read_streets(path: Path) -> Read:
    """Return the named streets; rows that are shops or sections of a trail are refused."""
    areas: list[GazetteerArea] = []
    refused: list[Refused] = []
    for row in _rows(path):
        name = row["최종 표기명"].strip()
        if not _STREET_ENDINGS.search(name):
            refused.append((name, "no street by its name"))
            continue
        areas.append(_street(name, row))
    return areas, refused


def _street(name: str, row: dict[str, str]) -> GazetteerArea:
    alias = row["alias"].strip()
    return GazetteerArea(
        slug=slugify(name_street_in_english(name=name)),
        name_ko=name,
        name_en=name_street_in_english(name=name),
        aliases=(alias,) if alias and alias != name else (),
        kind="street",
        centre=Point(float(row["중심 좌표 X"]), float(row["중심 좌표 Y"]), srid=WGS84),
        radius_m=600,  # the point is its dong's
        outline=None,
        source=STREETS,
        district=row["법정 구"],
    )
