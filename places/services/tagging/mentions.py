"""
Lets titles of blogs count as remarks about the places that they name.

What the crawlers keep of a blog is a title, an address and a day (`places.adapters.blogs`, `.naver`). A title
names a place where the whole name stands between its words, a particle behind it aside, and no
other place of the city, or of the neighbourhood that was searched, is called so. One blog has one
voice at a place, its newest; as with visitors, two voices are asked about and three may be a tag.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlsplit

import orjson
from django.db import connection

from common.geo import Position
from engine.tagging.types import TextTagger
from places.models import Area, PlaceReading, ReadingSource, TagSource
from places.services.locating import distance_m
from places.services.tagging.applying import TagEffects
from places.services.tagging.taggers import current_text_tagger
from places.services.tagging.taking import REMARKS_HIGH, TakeRemarks

HEARD_FOR: Final = timedelta(days=2 * 366)  # what was written before says little of today
TITLES_HIGH: Final = 50_000  # of a city, the newest
NAME_LOW: Final = 4  # letters of a name that stands for itself in a title …
NAME_LOW_NEARBY: Final = 3  # … and of one where the neighbourhood is known, too
LATIN_LOW: Final = 6
WORDS_HIGH: Final = 5  # of a title that together may be a name
NEARBY_M: Final = 2_000
WORD: Final = re.compile(r"[0-9a-z가-힣]+")
HANGUL: Final = re.compile(r"[가-힣]")
PARTICLE: Final = re.compile(
    r"(?<=[0-9a-z가-힣]{3})(?:에서의|에서는|에서|까지|부터|으로|에는|에게|처럼|은|는|이|가|을|를|에|의|와|과|도|로|만)$"
)
# Hosts of many blogs, each under a name of its own.
SHARED_HOSTS: Final = frozenset(
    {"blog.naver.com", "m.blog.naver.com", "post.naver.com", "brunch.co.kr", "medium.com"}
)
_MENTIONS: Final = """
SELECT payload ->> 'title', payload ->> 'link', payload ->> 'written', coalesce(payload ->> 'area', '')
FROM raw_ingestion.records
WHERE source = ANY(%s) AND city = %s AND gone_at IS NULL AND payload ->> 'written' >= %s
    AND payload ? 'title' AND payload ? 'link'
ORDER BY payload ->> 'written' DESC, id DESC LIMIT %s
"""
_CALLED: Final = """
SELECT called, id, ST_Y(location), ST_X(location)
FROM (
    SELECT regexp_replace(lower(name), '[^0-9a-z가-힣]+', '', 'g') AS called, id, location
    FROM places_place WHERE city_id = %s AND is_active AND chain = ''
) AS named WHERE called = ANY(%s) ORDER BY called, id
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A title of a blog; `area` is the neighbourhood that was searched, "" for none."""

    title: str
    blog: str
    area: str


@dataclass(frozen=True, slots=True)
class Named:
    """How many places are named, and how many of them were read anew."""

    places: int = 0
    read: int = 0


@dataclass(frozen=True)
class BlogMentions:
    """Hands the titles that name a place down to the tagger. What stands already is not read again."""

    tagger: TextTagger = field(default_factory=current_text_tagger)
    effects: TagEffects = field(default_factory=TagEffects)
    sources: ClassVar[tuple[str, ...]] = ("naver-blogs", "blogs")

    def hear(self, *, city: str, now: datetime) -> Named:
        """Settle what blogs say of the city's places; those named no more lose what blogs said."""
        known = dict(
            PlaceReading.objects.filter(
                source=ReadingSource.BLOGS, place__city_id=city
            ).values_list("place_id", "checksum")
        )
        titles = _titles_by_place(city, sources=self.sources, since=(now - HEARD_FOR).date())
        take = TakeRemarks(
            tagger=self.tagger,
            effects=self.effects,
            source=TagSource.BLOGS,
            kept_as=ReadingSource.BLOGS,
        )
        read = 0
        for place_id in sorted({*known, *titles}):
            remarks = titles.get(place_id, [])
            checksum = self._checksum(remarks)
            if known.get(place_id) != checksum:
                take.take(place_id=place_id, remarks=remarks, now=now, checksum=checksum)
                read += 1
        return Named(places=len(titles), read=read)

    def _checksum(self, remarks: Sequence[str]) -> str:
        return hashlib.sha256(orjson.dumps([self.tagger.label, *remarks])).hexdigest()


def _titles_by_place(city: str, *, sources: Sequence[str], since: date) -> Mapping[int, list[str]]:
    """Return what blogs titled each place that they name, the newest first, one of each blog."""
    mentions = list(_mentions(city, sources, since))
    parts = [list(_parts(mention.title)) for mention in mentions]
    called = _places_called(city, {name for told in parts for name, _, _ in told})
    areas = _areas(city) if called else {}
    titles: dict[int, dict[str, str]] = defaultdict(dict)
    for mention, told in zip(mentions, parts, strict=True):
        for place_id in _named(told, called, areas, mention.area):
            titles[place_id].setdefault(mention.blog, mention.title)
    return {place_id: [*said.values()][:REMARKS_HIGH] for place_id, said in titles.items()}


def _mentions(city: str, sources: Sequence[str], since: date) -> Iterator[Mention]:
    with connection.cursor() as cursor:
        cursor.execute(_MENTIONS, [list(sources), city, since.isoformat(), TITLES_HIGH])
        for title, link, _, area in cursor.fetchall():
            yield Mention(title, _blog_of(link), area)


def _blog_of(link: str) -> str:
    """Return whose blog an address is of: its host, and on a shared one the name below it."""
    try:
        said = urlsplit(link)
    except ValueError:  # no address at all: nobody else's, then
        return link
    host = said.netloc.lower()
    name = said.path.lstrip("/").partition("/")[0] if host in SHARED_HOSTS else ""
    return f"{host.removeprefix('m.')}/{name}"


def _parts(title: str) -> Iterator[tuple[str, int, int]]:
    """Yield what of a title may be a name, folded, with the words from which to which it stands."""
    words = WORD.findall(title.lower())
    for first in range(len(words)):
        for end in range(first + 1, min(first + WORDS_HIGH, len(words)) + 1):
            said = "".join(words[first:end])
            for name in {said, PARTICLE.sub("", said)}:
                if len(name) >= (NAME_LOW_NEARBY if HANGUL.search(name) else LATIN_LOW):
                    yield name, first, end


def _places_called(
    city: str, names: Collection[str]
) -> Mapping[str, Sequence[tuple[int, Position]]]:
    """Return the places that bear each name, but for branches of chains."""
    found: dict[str, list[tuple[int, Position]]] = defaultdict(list)
    if names:
        with connection.cursor() as cursor:
            cursor.execute(_CALLED, [city, sorted(names)])
            for called, place_id, latitude, longitude in cursor.fetchall():
                found[called].append((place_id, Position(lat=latitude, lon=longitude)))
    return found


def _areas(city: str) -> Mapping[str, Sequence[tuple[Position, float]]]:
    """Return where each area lies, by each of its names, folded: such a name means no place."""
    found: dict[str, list[tuple[Position, float]]] = defaultdict(list)
    rows = Area.objects.filter(city_id=city).values_list("name_ko", "aliases", "centre", "radius_m")
    for name, aliases, centre, radius_m in rows.iterator():
        for said in {_folded(one) for one in (name, *aliases)}:
            found[said].append((Position(lat=centre.y, lon=centre.x), radius_m))
    return found


def _named(
    told: Sequence[tuple[str, int, int]],
    called: Mapping[str, Sequence[tuple[int, Position]]],
    areas: Mapping[str, Sequence[tuple[Position, float]]],
    area: str,
) -> Iterator[int]:
    """Yield the places that a title names, of names that overlap the longest."""
    around = areas.get(_folded(area), ()) if area else ()
    taken: set[int] = set()
    for name, first, end in sorted(told, key=lambda part: (part[1] - part[2], -len(part[0]))):
        words = set(range(first, end))
        if name not in called or words & taken:
            continue
        taken |= words  # by an area, too: the museum of Hongdae is not Hongdae
        if name in areas or (not around and len(name) < NAME_LOW):
            continue
        near = [place_id for place_id, at in called[name] if not around or _is_near(at, around)]
        if len(near) == 1:
            yield near[0]


def _is_near(at: Position, around: Sequence[tuple[Position, float]]) -> bool:
    return any(
        distance_m(at.lon, at.lat, centre.lon, centre.lat) <= max(NEARBY_M, 2 * radius_m)
        for centre, radius_m in around
    )


def _folded(name: str) -> str:
    return "".join(WORD.findall(name.lower()))
