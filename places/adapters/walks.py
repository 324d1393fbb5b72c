"""Seoul's walking courses: one stop for each that fits in an outing, where one walks into it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from places.adapters import cleaning
from places.adapters.projecting import KOREA_CENTRAL, to_wgs84
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_records
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

# What is said of a course, alike in each of its points.
OF_COURSE: Final = (
    "course_name", "course_category_nm", "course_level", "distance", "lead_time", "area_gu",
    "relate_subway", "detail_course", "reg_date",
)  # fmt: skip
LONGEST_MIN: Final = 180  # longer is the whole outing, and none of its stops
HOURS: Final = re.compile(r"(\d+)\s*시간")
MINUTES: Final = re.compile(r"(\d+)\s*분")
KILOMETRES: Final = re.compile(r"(\d+(?:\.\d+)?)\s*km", re.I)
TRANSIT: Final = re.compile(r"지하철|역\s*\d|\d\s*호선|버스|정류장|출구|출입구|주차장|[가-힣]역$")


class Walks(SourceAdapter):
    """Reads the list of points, which names the points of a course one after another."""

    files: tuple[str, ...] = ("walks_dudeurim.json",)
    parser_version: int = 2  # a course takes as long as it says
    terms: SourceTerms = korean_public_data(
        "seoul-walks", "서울 두드림길", publisher="서울 열린데이터광장"
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        points = read_records(feed.open(self.files, marks=('"course_name"',)), key="DATA")
        for name, held in groupby(points, key=_course_of):
            if name:
                yield _course(name, [one for one in held if isinstance(one, Row)])
            else:
                yield from (
                    one if isinstance(one, Refusal) else Refusal(one.where, "of no course")
                    for one in held
                )

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        name = cleaning.text(said["course_name"])
        lasts_min = _minutes(cleaning.text(said["lead_time"]))
        if not lasts_min:
            return Refusal(row.where, "no length in time", name)
        if lasts_min > LONGEST_MIN:
            return Refusal(
                row.where, "longer than a stop", f"{name}: {said['lead_time']}", expected=True
            )
        entrance = _entrance(said["points"])
        if entrance is None:
            return Refusal(row.where, "no coordinates", name)
        longitude, latitude = entrance
        length = KILOMETRES.search(cleaning.text(said["distance"]))
        parts = [f"걷기 {lasts_min}분", f"{length[1]}km" if length else ""]
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            category="park",
            source_class=cleaning.text(said["course_category_nm"]),
            latitude=latitude,
            longitude=longitude,
            indoor=False,
            stay_min=lasts_min,
            signs={"walk": " · ".join(part for part in parts if part)},
            payload={key: value for key, value in said.items() if key != "points"},
        )  # fmt: skip


def _course_of(point: Row | Refusal) -> str:
    return cleaning.text(point.values.get("course_name")) if isinstance(point, Row) else ""


def _course(name: str, points: Sequence[Row]) -> Row:
    first = points[0].values
    values = {key: first.get(key) for key in OF_COURSE} | {
        "points": [
            {"name": one.values.get("cpi_name"), "x": one.values.get("x"), "y": one.values.get("y")}
            for one in points
        ]
    }
    return Row(points[0].where, values, ref=stable_ref(name))


def _minutes(said: str) -> int | None:
    hours, minutes = HOURS.search(said), MINUTES.search(said)
    if hours is None and minutes is None:
        return None
    return 60 * int(hours[1] if hours else 0) + int(minutes[1] if minutes else 0)


def _entrance(points: Sequence[Mapping[str, Any]]) -> tuple[float, float] | None:
    """
    Return the longitude and latitude of the point on the course that lies nearest to its stations.

    The list names stations and bus stops among the points; a course without one begins at its first.
    """
    known = [(cleaning.text(one["name"]), _metres(one)) for one in points]
    placed = [(name, at) for name, at in known if at is not None]
    stations = [at for name, at in placed if TRANSIT.search(name)]
    on_course = [at for name, at in placed if not TRANSIT.search(name)] or stations
    if not on_course:
        return None
    near = min(on_course, key=lambda at: min((math.dist(at, one) for one in stations), default=0))
    return to_wgs84(east=near[0], north=near[1], srid=KOREA_CENTRAL)


def _metres(point: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return metres east and north; the list has them the other way round once, and 454 km east is none."""
    x, y = cleaning.number(point["x"]), cleaning.number(point["y"])
    if x is None or y is None:
        return None
    return (y, x) if x > y else (x, y)
