"""Foursquare's Places API: what it finds around a grid of points in a city."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings

from common.http import HttpFailed
from places.adapters import cleaning
from places.adapters.asking import Asker
from places.adapters.open_categories import category_of
from places.adapters.source import Bounds, Feed, SourceAbsent, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

VERSION: Final = "2025-06-17"  # of the API; another may answer in another shape
PAGE_ROWS: Final = 50
RADIUS_M: Final = 1_500
METRES_A_DEGREE: Final = 111_320.0
PAGES_HIGH: Final = 40  # of one circle: a service that always has one more is not followed for ever
FIELDS: Final = (
    "fsq_place_id,name,latitude,longitude,categories,location,date_refreshed,date_closed"
)
NEXT: Final = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
CURSOR: Final = re.compile(r"[\w\-=.~%]{1,512}")


class Foursquare(SourceAdapter):
    """Asks with `FOURSQUARE_KEY`, circle by circle over the city's box; its pages are asked anew when it is resumed."""

    terms: SourceTerms = SourceTerms(
        slug="foursquare-api",
        name="Foursquare Places API",
        kind="commercial",
        licence="Foursquare Places API terms",
        attribution="Powered by Foursquare",
        terms="https://foursquare.com/legal/terms/apilicenseagreement/",
        may_ship=False,
        rate_per_s=4.0,
        every_min=7 * 24 * 60,
        grace_syncs=2,
    )
    lists_all: bool = False  # the fifty nearest by fifty: a busy circle ends before its places do
    has_windows: bool = False

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        if not settings.FOURSQUARE_KEY:
            raise SourceAbsent("FOURSQUARE_KEY is not set: the source is off.")
        if feed.bounds is None:
            raise SourceAbsent("The city has no outline to search in.")
        asker = Asker(
            http=feed.http, name="Foursquare", rate_per_s=self.terms.rate_per_s, sleep=feed.sleep
        )
        at = feed.cursor or {}
        for circle, centre in enumerate(_circles(feed.bounds)):
            if circle >= at.get("circle", 0):
                yield from _pages(asker, centre, circle)

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        point = cleaning.position(row, "latitude", "longitude")
        if isinstance(point, Refusal):
            return point
        name, aside = cleaning.split_name(cleaning.text(said["name"]))
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", name)
        classes = [str(one.get("name", "")) for one in said.get("categories") or ()]
        found = next(((category_of(one), one) for one in classes if category_of(one)), None)
        if found is None:
            told = classes[0] if classes else "no class"
            return Refusal(row.where, "not a trip stop", f"{name}: {told}", expected=True)
        address = cleaning.text((said.get("location") or {}).get("formatted_address"))
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            name_en=aside,
            category=found[0],
            source_class=found[1],
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address),
            identifiers={"foursquare": row.ref},
            is_closed=bool(said.get("date_closed")),
            as_of=cleaning.day(said.get("date_refreshed")),
            payload=said,
        )


def _circles(bounds: Bounds) -> Iterator[tuple[float, float]]:
    """Yield centres (latitude, longitude) whose circles cover the box, row by row."""
    west, south, east, north = bounds
    step_m = RADIUS_M * math.sqrt(2)  # the square within a circle
    rows = max(1, math.ceil((north - south) * METRES_A_DEGREE / step_m))
    for row in range(rows):
        latitude = south + (row + 0.5) * (north - south) / rows
        metres = METRES_A_DEGREE * math.cos(math.radians(latitude))
        columns = max(1, math.ceil((east - west) * metres / step_m))
        for column in range(columns):
            yield latitude, west + (column + 0.5) * (east - west) / columns


def _pages(asker: Asker, centre: tuple[float, float], circle: int) -> Iterator[Row | Refusal]:
    page = ""
    headers = {
        "Authorization": f"Bearer {settings.FOURSQUARE_KEY}",
        "X-Places-Api-Version": VERSION,
        "Accept": "application/json",
    }
    for _ in range(PAGES_HIGH):
        query = {
            "ll": f"{centre[0]:.5f},{centre[1]:.5f}", "radius": str(RADIUS_M),
            "limit": str(PAGE_ROWS), "sort": "DISTANCE", "fields": FIELDS,
            **({"cursor": page} if page else {}),
        }  # fmt: skip
        address = f"{settings.FOURSQUARE_URL.rstrip('/')}/places/search?{urlencode(query)}"
        said, answer = asker.get_json(address, headers=headers)
        results = said.get("results") if isinstance(said, Mapping) else None
        if not isinstance(results, list):
            raise HttpFailed("wrong_shape")
        after = _next_page(answer.headers.get("link", ""))
        for number, one in enumerate(results, start=1):
            where = f"circle {circle + 1}, record {number}"
            is_end = number == len(results)
            yield _row(one, where, {"circle": circle + (is_end and not after)})
        if not after or after == page or not results:
            return
        page = after


def _row(said: Any, where: str, cursor: Mapping[str, Any]) -> Row | Refusal:
    if not isinstance(said, dict) or not said.get("fsq_place_id"):
        return Refusal(where, "no identifier", str(said)[:80])
    said.pop("distance", None)  # from the circle's centre: nothing of the place itself
    return Row(where, said, ref=str(said["fsq_place_id"]), cursor=cursor)


def _next_page(link: str) -> str:
    """
    Return the cursor of the next page, out of the Link header; "" for none.

    Only the cursor is taken: an address that somebody else writes is not called with our key.
    """
    found = NEXT.search(link)
    cursor = parse_qs(urlsplit(found[1]).query).get("cursor", [""])[0] if found else ""
    return cursor if CURSOR.fullmatch(cursor) else ""
