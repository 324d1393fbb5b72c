"""
Merges raw material and the hand-made file into the gazetteer that is shipped.

A name written by hand belongs to its area alone: from others of that name the alias is taken, and
one whose main name it is goes altogether. What is then left of equal names stays ambiguous.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import Point

from engine.text.normalising import match_key
from engine.text.romanising import romanise
from places.adapters.geography import District
from places.services import gazetteer_sources as sources
from places.services.gazetteer_sources import GazetteerArea, GazetteerUnreadable, RawMaterial

GAZETTEERS: Final = Path(__file__).parent.parent / "data" / "gazetteer"
HAND_MADE: Final = GAZETTEERS / "seoul_neighbourhoods.csv"
SHIPPED: Final = GAZETTEERS / "seoul_areas.jsonl.gz"

_DEGREE_DIGITS: Final = 5  # about a metre


def hand_made_file(city: str) -> Path:
    """Return where the areas written by hand for a city lie."""
    return GAZETTEERS / f"{city}_neighbourhoods.csv"


def gazetteer_file(city: str) -> Path:
    """Return where the gazetteer shipped for a city lies."""
    return GAZETTEERS / f"{city}_areas.jsonl.gz"


@dataclass(frozen=True, slots=True)
class BuiltGazetteer:
    """The areas to ship, and what was left out with its reason."""

    areas: tuple[GazetteerArea, ...]
    refused: tuple[tuple[str, str], ...]


def build_gazetteer(
    *, folder: Path | None, hand_made: Path = HAND_MADE, districts: Sequence[District] = ()
) -> BuiltGazetteer:
    """
    Merge the raw material in `folder` with the hand-made file; areas come by slug.

    Without a folder the hand-made areas and the outlines of `districts` are all there is.

    Raises:
        GazetteerUnreadable: a file cannot be read, or an anchor names nothing in it.
    """
    raw = (
        sources.RawMaterial(districts=sources.district_areas(districts))
        if folder is None
        else sources.read_raw_material(folder=folder)
    )
    hand = [_hand_area(row, raw) for row in sources.read_hand_made(path=hand_made)]
    claimed = {match_key(name) for area in hand for name in _names(area)}
    stations = {match_key(name) for area in raw.stations for name in _names(area)}
    dongs = [_without(area, stations - {match_key(area.name_ko)}) for area in raw.dongs]
    hotspots = [_named(area) for area in raw.hotspots]
    rest = [*raw.districts, *raw.stations, *dongs, *hotspots, *raw.streets]
    kept: list[GazetteerArea] = [replace(a, aliases=a.aliases + a.shared_aliases) for a in hand]
    refused = list(raw.refused)
    for area in rest:
        if area.kind != "district" and match_key(area.name_ko) in claimed:
            refused.append((area.name_ko, "named by hand"))
        elif area.source == sources.HOTSPOTS and match_key(area.name_ko) in stations:
            refused.append((area.name_ko, "a station already"))
        else:
            kept.append(_without(area, claimed))
    return BuiltGazetteer(tuple(_with_own_slugs(kept)), tuple(refused))


def write_gazetteer(*, areas: Iterable[GazetteerArea], path: Path) -> int:
    """Write `areas` as compressed JSON lines, the same bytes for the same areas; return the size."""
    lines = [json.dumps(_as_row(area), ensure_ascii=False, sort_keys=True) for area in areas]
    content = gzip.compress("\n".join(lines).encode() + b"\n", compresslevel=9, mtime=0)
    path.write_bytes(content)
    return len(content)


def _hand_area(row: Mapping[str, str], raw: RawMaterial) -> GazetteerArea:
    aliases = [name for name in row["aliases"].split("|") if name]
    centre, outline, source = _anchored(row["anchor"], raw)
    return GazetteerArea(
        slug=row["slug"],
        name_ko=row["name_ko"],
        name_en=row["name_en"],
        aliases=tuple(name for name in aliases if not name.startswith("?")),
        shared_aliases=tuple(name[1:] for name in aliases if name.startswith("?")),
        kind=row["kind"],
        centre=centre,
        radius_m=int(row["radius_m"]),
        outline=outline,
        source=source,
    )


def _anchored(anchor: str, raw: RawMaterial) -> tuple[Point, Any, str]:
    """Return the centre, outline and provenance that a hand-made row's anchor names."""
    kind, _, value = anchor.partition(":")
    if kind == "point":
        latitude, longitude = (float(part) for part in value.split())
        return Point(longitude, latitude, srid=sources.WGS84), None, sources.HAND
    found = {
        "station": [a for a in raw.stations if a.name_ko == f"{value.removesuffix('역')}역"],
        "hotspot": [a for a in raw.hotspots if a.slug == value],
        "dong": [a for a in raw.dongs if f"{a.district} {a.name_ko}" == value],
    }.get(kind, [])
    if len(found) != 1:
        raise GazetteerUnreadable(path=HAND_MADE.name, reason=f"{len(found)} areas for {anchor}")
    area = found[0]
    return area.centre, area.outline, f"{sources.HAND}; place: {area.source}"


def _names(area: GazetteerArea) -> tuple[str, ...]:
    return (area.name_ko, area.name_en, *area.aliases)


def _without(area: GazetteerArea, claimed: set[str]) -> GazetteerArea:
    """Return `area` without the names that belong to others; its Korean main name stays."""
    name_en = area.name_en
    if match_key(name_en) in claimed and area.district:
        name_en = f"{name_en} ({romanise(area.district)})"
    own = tuple(alias for alias in area.aliases if match_key(alias) not in claimed)
    return replace(area, aliases=own, name_en=name_en)


def _named(hotspot: GazetteerArea) -> GazetteerArea:
    return replace(hotspot, slug=sources.slugify(hotspot.name_en))


def _with_own_slugs(areas: Sequence[GazetteerArea]) -> list[GazetteerArea]:
    """Return the areas by slug, equal slugs told apart by district, kind, then number."""
    taken: set[str] = set()
    named: list[GazetteerArea] = []
    counts = Counter(area.slug for area in areas)
    for area in areas:
        slug = area.slug
        hand = area.source.startswith(sources.HAND)
        if counts[slug] > 1 and not hand and area.district:
            slug = f"{slug}-{sources.slugify(romanise(area.district))}"
        slug = slug if slug not in taken else f"{slug}-{area.kind}"
        number = 2
        while slug in taken:
            slug, number = f"{area.slug}-{area.kind}-{number}", number + 1
        taken.add(slug)
        named.append(replace(area, slug=slug))
    return sorted(named, key=lambda area: area.slug)


def _as_row(area: GazetteerArea) -> dict[str, Any]:
    return {
        "slug": area.slug,
        "name_ko": area.name_ko,
        "name_en": area.name_en,
        "aliases": list(dict.fromkeys(a for a in area.aliases if a != area.name_ko)),
        "kind": area.kind,
        "lat": round(area.centre.y, _DEGREE_DIGITS),
        "lon": round(area.centre.x, _DEGREE_DIGITS),
        "radius_m": area.radius_m,
        "outline": _rounded(sources.simplify(area.outline).coords) if area.outline else None,
        "source": area.source,
    }


def _rounded(coordinates: Any) -> Any:  # nested as deep as GeoJSON's MultiPolygon
    if isinstance(coordinates, float):
        return round(coordinates, _DEGREE_DIGITS)
    return [_rounded(part) for part in coordinates]
