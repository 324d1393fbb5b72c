"""What people ask of a map and a search field, in kinds that cost alike; drawn, never twice the same."""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.db import connection

from benchmarks.api.synthesising import SHIPPED, Neighbourhood, list_neighbourhoods
from engine.catalogue import MOODS
from places.api.serializers import write_cursor
from places.search.tiles import ZOOM_HIGH, ZOOM_LOW
from places.selectors import list_areas

LIST: Final = "/api/v1/places"
INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
COMMON: Final = (
    "카페",
    "식당",
    "공원",
    "시장",
    "커피",
    "미술관",
    "coffee",
    "gallery",
    "park",
    "house",
)
MEANT_KO: Final = (
    "조용한 카페", "분위기 좋은 술집", "아이랑 갈 만한 공원", "전통 시장", "현대 미술관", "야경 명소", "비건 식당", "혼자 책 읽을 곳",
    "로맨틱한 레스토랑", "옛날 다방", "따뜻한 국물", "매운 음식", "한적한 산책로", "작은 갤러리", "디저트 맛집",
)  # fmt: skip
MEANT_EN: Final = (
    "quiet cafe", "rooftop bar", "modern art museum", "old palace", "street food", "cozy bookstore", "park for kids",
    "noodle soup", "romantic dinner", "live music", "hidden gallery", "traditional tea house",
)  # fmt: skip
NOBODY: Final = ("쀍뚫뷁", "zzqxzzkw", "퀙퀙퀙퀙", "xkcdqwv", "뛟뛟")
HOURS: Final = ("08:30", "12:10", "15:40", "19:20", "22:50")
GEOJSON: Final = "application/geo+json"
METRES: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    accept: str = "application/json"


@dataclass(frozen=True)
class Draw:
    """Draws where, what and when from what the database holds."""

    draw: random.Random
    dense: Sequence[Neighbourhood]
    names: Sequence[Mapping[str, str]]
    ids: Sequence[str]
    areas: Sequence[str]  # as they are called

    def around(self, spread_m: float = 400) -> tuple[float, float]:
        """Return a point of a neighbourhood of the shipped city, the larger ones more often."""
        where = self.draw.choices(self.dense, [one.weight for one in self.dense])[0]
        return self._off(where.latitude, where.longitude, spread_m)

    def outskirts(self) -> tuple[float, float]:
        """Return a point ten to twenty kilometres from the middle of the shipped city."""
        angle, far = self.draw.uniform(0, 2 * math.pi), self.draw.uniform(10_000, 20_000)
        return _moved(37.5665, 126.978, far * math.cos(angle), far * math.sin(angle))

    def _off(self, latitude: float, longitude: float, spread_m: float) -> tuple[float, float]:
        north, east = self.draw.gauss(0, spread_m), self.draw.gauss(0, spread_m)
        return _moved(latitude, longitude, north, east)

    def near(self, point: tuple[float, float], **more: Any) -> Asked:
        return Asked(LIST, {"near": f"{point[0]:.6f},{point[1]:.6f}", **more})

    def box(self, side_m: float, **more: Any) -> Asked:
        latitude, longitude = self.around()
        south, west = _moved(latitude, longitude, -side_m / 2, -side_m / 2)
        north, east = _moved(latitude, longitude, side_m / 2, side_m / 2)
        return Asked(LIST, {"bbox": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}", **more})

    def text(self, text: str, **more: Any) -> Asked:
        return Asked(LIST, {"q": text[:80], **more})

    def name(self, language: str) -> str:
        return self.draw.choice(self.names)[language]

    def part(self) -> str:
        return self.name("ko").split()[0]

    def there(self, *asked: str) -> Asked:
        """Return a text that says where, and what of `asked`."""
        return self.text(f"{self.draw.choice(self.areas)} {self.draw.choice(asked)}".strip())

    def misspelt(self, language: str) -> str:
        """Return a name with one letter changed: of a syllable, or of a Latin word."""
        letters = list(unicodedata.normalize("NFD", self.name(language)))
        at = self.draw.randrange(len(letters))
        alphabet = (
            "ᄀᄂᄃᄅᄆᄇᄉᄋᄌ" if letters[at] in "ᄀᄁᄂᄃᄄᄅᄆᄇᄈᄉᄊᄋᄌᄍᄎᄏᄐᄑᄒ" else "ᅡᅥᅩᅮᅵ"
        )
        if letters[at].isascii():
            alphabet = "aeiourstln"
        letters[at] = self.draw.choice(alphabet)
        return unicodedata.normalize("NFC", "".join(letters))

    def initials(self, count: int) -> str:
        """Return the first consonants of the first syllables of a name."""
        found = ""
        while len(found) < count:
            found += "".join(
                INITIALS[ord(letter) - 0x1100]
                for letter in unicodedata.normalize("NFD", self.name("ko"))
                if 0x1100 <= ord(letter) <= 0x1112
            )
        return found[:count]

    def open_at(self) -> str:
        return f"2026-11-{self.draw.randint(22, 28)}T{self.draw.choice(HOURS)}:00+09:00"

    def tile(self, zoom: int) -> Asked:
        latitude, longitude = self.around()
        side = 2**zoom
        x = int((longitude + 180) / 360 * side)
        y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)
        return Asked(f"{LIST}/tiles/{zoom}/{x}/{y}.mvt", accept="*/*")


def _moved(latitude: float, longitude: float, north: float, east: float) -> tuple[float, float]:
    stretch = math.cos(math.radians(latitude))
    return latitude + north / METRES, longitude + east / METRES / stretch


def prepare(seed: int) -> Draw:
    """Return what draws requests from the places that stand in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT names ->> 'ko', names ->> 'en', public_id FROM places_place"
            " TABLESAMPLE SYSTEM (0.5) REPEATABLE (%s) WHERE is_active LIMIT 5000",
            [seed],
        )
        rows = cursor.fetchall()
    if not rows:  # so few places that no page was drawn
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT names ->> 'ko', names ->> 'en', public_id FROM places_place LIMIT 5000"
            )
            rows = cursor.fetchall()
    return Draw(
        draw=random.Random(seed),
        dense=[one for one in list_neighbourhoods() if one.city == SHIPPED],
        names=[{"ko": korean, "en": english} for korean, english, _ in rows],
        ids=[str(public_id) for *_, public_id in rows],
        areas=[one.name_ko for one in list_areas() if one.city == SHIPPED],
    )


def _deep(draw: Draw) -> str:
    return write_cursor(draw.draw.randrange(200, 980, 20))


def _facets() -> dict[str, str]:
    return {"facets": "category,mood"}


KINDS: Final[Mapping[str, Callable[[Draw], Asked]]] = {
    "near, 1 km": lambda d: d.near(d.around()),
    "near, 1 km, limit 100": lambda d: d.near(d.around(), limit=100),
    "near, outskirts, 5 km": lambda d: d.near(d.outskirts(), radius=5_000),
    "near, 50 km": lambda d: d.near(d.around(), radius=50_000),
    "near, category": lambda d: d.near(d.around(), category=d.draw.choice(("cafe", "museum", "library", "club"))),
    "near, mood": lambda d: d.near(d.around(), mood=d.draw.choice(MOODS)),
    "near, two moods": lambda d: d.near(d.around(), radius=5_000, mood=",".join(d.draw.sample(MOODS[:6], 2))),
    "near, open_at": lambda d: d.near(d.around(), open_at=d.open_at()),
    "near, facets": lambda d: d.near(d.around(), **_facets()),
    "near, 20 km, facets": lambda d: d.near(d.around(), radius=20_000, **_facets()),
    "near, deep page": lambda d: d.near(d.around(), radius=5_000, cursor=_deep(d)),
    "near, GeoJSON": lambda d: Asked(LIST, d.near(d.around()).query, GEOJSON),
    "near, name": lambda d: d.near(d.around(), radius=5_000, q=d.part()),
    "near, meaning": lambda d: d.near(d.around(), radius=3_000, q=d.draw.choice(MEANT_KO)),
    "best known": lambda d: Asked(LIST, {"limit": d.draw.randint(10, 100)}),
    "best known, category": lambda d: Asked(LIST, {"category": d.draw.choice(("cafe", "club", "library", "park"))}),
    "best known, mood": lambda d: Asked(LIST, {"mood": d.draw.choice(MOODS)}),
    "best known, two moods": lambda d: Asked(LIST, {"mood": ",".join(d.draw.sample(MOODS[:6], 2))}),
    "best known, facets": lambda d: Asked(LIST, {"limit": d.draw.randint(10, 100), **_facets()}),
    "box, 500 m": lambda d: d.box(500),
    "box, 2 km": lambda d: d.box(2_000),
    "box, 10 km": lambda d: d.box(10_000),
    "box, 100 km": lambda d: d.box(100_000),
    "box, 2 km, category": lambda d: d.box(2_000, category=d.draw.choice(("cafe", "museum", "library", "club"))),
    "box, 10 km, rare category": lambda d: d.box(10_000, category=d.draw.choice(("library", "club", "viewpoint"))),
    "box, 10 km, mood": lambda d: d.box(10_000, mood=d.draw.choice(MOODS)),
    "box, 10 km, two moods": lambda d: d.box(10_000, mood=",".join(d.draw.sample(MOODS[:6], 2))),
    "box, 2 km, open_at": lambda d: d.box(2_000, open_at=d.open_at()),
    "box, 10 km, facets": lambda d: d.box(10_000, **_facets()),
    "box, deep page": lambda d: d.box(10_000, cursor=_deep(d)),
    "name, Korean": lambda d: d.text(d.name("ko")),
    "name, English": lambda d: d.text(d.name("en")),
    "name, part": lambda d: d.text(d.part()),
    "name, common word": lambda d: d.text(d.draw.choice(COMMON)),
    "name, one syllable": lambda d: d.text(d.part()[:1]),
    "name, two syllables": lambda d: d.text(d.part()[:2]),
    "name, misspelt Korean": lambda d: d.text(d.misspelt("ko")),
    "name, misspelt English": lambda d: d.text(d.misspelt("en")),
    "name, category": lambda d: d.text(d.part(), category="cafe"),
    "name, mood": lambda d: d.text(d.part(), mood=d.draw.choice(MOODS)),
    "name, open_at": lambda d: d.text(d.part(), open_at=d.open_at()),
    "name, facets": lambda d: d.text(d.part(), **_facets()),
    "name, in a box": lambda d: d.box(10_000, q=d.part()),
    "name, deep page": lambda d: d.text(d.draw.choice(COMMON), cursor=_deep(d)),
    "initials, one": lambda d: d.text(d.initials(1)),
    "initials, two": lambda d: d.text(d.initials(2)),
    "initials, three": lambda d: d.text(d.initials(3)),
    "initials, four": lambda d: d.text(d.initials(4)),
    "meaning, Korean": lambda d: d.text(d.draw.choice(MEANT_KO)),
    "meaning, English": lambda d: d.text(d.draw.choice(MEANT_EN)),
    "meaning, category": lambda d: d.text(d.draw.choice(MEANT_KO), category="bar"),
    "meaning, facets": lambda d: d.text(d.draw.choice(MEANT_KO), **_facets()),
    "area: kind": lambda d: d.there("카페", "맛집", "전시", "박물관", "술집"),
    "area: kind and mood": lambda d: d.there("조용한 카페", "힙한 술집", "로맨틱한 식당", "아늑한 서점"),
    "area: dish": lambda d: d.there("라멘", "칼국수", "브런치", "와인바", "감자탕"),
    "area: name": lambda d: d.there(d.part()),
    "area alone": lambda d: d.there(""),
    "nothing found": lambda d: d.text(d.draw.choice(NOBODY) + str(d.draw.randrange(1000))),
    "detail": lambda d: Asked(f"{LIST}/{d.draw.choice(d.ids)}"),
    **{f"tile, zoom {zoom}": partial(Draw.tile, zoom=zoom) for zoom in range(ZOOM_LOW, ZOOM_HIGH + 1)},
}  # fmt: skip
