"""Composes one place from all the records of it, each fact with the row it was taken from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from engine.catalogue import CATEGORIES
from places.opening.closures import OutsideDates
from places.opening.reading import read_hours
from places.opening.types import OpeningHours
from places.opening.types import Refusal as HoursRefusal
from places.services import chains, fees, judging, naming, ranking, rivalling, trusting
from places.services.likeness import TRACE_BEHIND, folded
from places.services.locating import WALKED_INTO, entrance
from places.services.merging import ASIDE
from places.types import Draft, PlaceRecord

FRESH_YEARS: Final = 4.0  # after so many years a record is half as fresh
DAYS_IN_YEAR: Final = 365.25
# Lengths of the columns: a longer text of a source is cut, never a reason to lose the place.
CLASS_LENGTH: Final = 48
SITE_LENGTH: Final = 120
ADDRESS_LENGTH: Final = 240
DISTANT_PAST: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class ReadHours:
    """One draft's hours as understood, or why not; `said` is False where it says nothing."""

    draft: Draft
    hours: OpeningHours | HoursRefusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Turns clusters of drafts into records of one city."""

    city: str
    priors: judging.CityPriors
    hotspots: frozenset[str]
    stations: Sequence[tuple[float, float]]
    branched: frozenset[str]  # names that stand before "○○점" again and again
    newest: date  # of all sources: freshness counts from here, so that it does not need a clock
    today: date  # in the city: what was over before is no place any more

    def read_hours(self, draft: Draft) -> ReadHours:
        """Return what the draft says of opening times."""
        return ReadHours(draft, _on_its_days(draft, self._read(draft)))

    def _read(self, draft: Draft) -> OpeningHours | HoursRefusal | None:
        if not draft.hours.is_said:
            return None
        said = draft.hours
        return read_hours(
            # A day that no calendar reaches must not be reckoned from.
            since=min(max(draft.as_of or self.newest, DISTANT_PAST), self.today),
            osm=said.osm,
            opening=said.opening,
            closing=said.closing,
            weekday=said.weekday,
            holiday=said.holiday,
            latitude=draft.latitude,
            longitude=draft.longitude,
        )

    def compose(
        self,
        cluster: Sequence[Draft],
        members: Sequence[Draft],
        *,
        site: str,
        read: Sequence[ReadHours],
    ) -> PlaceRecord:
        """Return the record of the place that `cluster` describes; `members` are attached to it."""
        cluster = fees.with_noughts_believed(_standing(cluster))
        named = _trusted(cluster, trusting.NAMES)
        category = _trusted(cluster, trusting.KINDS)[0].category
        said = [draft.name for draft in named] + [draft.name_en for draft in named]
        chain = chains.find_chain(said, branched=self.branched) if CATEGORIES[category].food else ""
        name, english, is_romanised = naming.name_in_both(named, category=category, chain=chain)
        kind = self.priors.kind_of(
            cluster, members, category=category, name=ASIDE.sub("", name).strip()
        )
        hours = _best_hours(read)
        at, rule = _arrival(cluster, self.stations)
        popular = ranking.popularity(
            cluster,
            members,
            category=category,
            kind=kind.kind if kind else "",
            name=name,
            chain=chain,
            hotspots=self.hotspots,
        )
        as_of = _newest(cluster)
        fields: dict[str, Any] = {
            "city_id": self.city,
            "name": name,
            "names": {"ko": name, "en": english},
            "has_romanised_name": is_romanised,
            "category": category,
            "source_class": _source_class(cluster, category)[:CLASS_LENGTH],
            "chain": chain,
            "site": site[:SITE_LENGTH],
            "address": _first(_trusted(cluster, trusting.POINTS), "address")[:ADDRESS_LENGTH],
            "district": cluster[0].district,
            "time_zone": self.priors.city["time_zone"],
            "currency": self.priors.city["currency"],
            **self._costs(cluster, category, kind),
            **_hours_fields(hours, cluster),
            "mood_scores": judging.moods(
                cluster, category=category, kind=kind.kind if kind else "", name=name
            ),
            "congestion_score": round(0.25 + 0.4 * popular, 3),
            "indoor": _said(cluster, "indoor"),
            "pets_allowed": _said(cluster, "pets_allowed"),
            "wheelchair": _said(cluster, "wheelchair"),
            "parking": _said(cluster, "parking"),
            "popularity": popular,
            "quality": judging.quality(
                cluster, popular=popular, chain=chain, has_hours=hours is not None
            ),
            "freshness": self._freshness(as_of),
            "description": _describe(cluster, members, category),
            "as_of": as_of.isoformat() if as_of else None,
        }
        fields |= _period(cluster)
        fields["facts"] = _facts(fields, cluster, at, rule, hours)
        self._add_rivals(fields["facts"], cluster, read)
        return PlaceRecord(
            latitude=round(at.latitude, 7),
            longitude=round(at.longitude, 7),
            fields=fields,
            sources=tuple(_source_row(draft) for draft in (*cluster, *members)),
        )

    def _add_rivals(
        self, facts: dict[str, Any], cluster: Sequence[Draft], read: Sequence[ReadHours]
    ) -> None:
        """Let each fact say what other records say instead."""
        if len(cluster) == 1:
            return
        claims = {
            "name": rivalling.names(cluster),
            "category": rivalling.categories(cluster),
            "cost": rivalling.costs(cluster),
            "hours": rivalling.hours((one.draft, one.hours) for one in read),
        }
        for name in facts.keys() & claims.keys():
            fact = facts[name]
            fact |= rivalling.rivals_of(fact["from"], claims[name], weigh=self._freshness)

    def _costs(
        self, cluster: Sequence[Draft], category: str, kind: judging.Kind | None
    ) -> dict[str, Any]:
        usual, stay = self.priors.categories[category]
        if kind is not None:
            usual, stay = kind.cost, kind.stay
        stated = [draft.cost for draft in cluster if draft.cost is not None]
        low, high = usual
        if stated:
            low, high = min(cost[0] for cost in stated), max(cost[1] for cost in stated)
            if CATEGORIES[category].food:
                # One dish has a price; what else one orders is not known, but costs no less than usual.
                high = max(high, usual[0])
        return {
            "cost_low": low,
            "cost_high": high,
            "cost_band": self.priors.band(high),
            "cost_provenance": "stated" if stated else "prior",
            **_stay(cluster, usual_min=stay),
        }

    def _freshness(self, as_of: date | None) -> float:
        years = max(0.0, (self.newest - (as_of or DISTANT_PAST)).days / DAYS_IN_YEAR)
        return round(math.exp2(-years / FRESH_YEARS), 3)


def _standing(cluster: Sequence[Draft]) -> list[Draft]:
    """Return the drafts, those that name only the ground last: 보신각터 where 보신각 stands again."""
    if len(cluster) == 1:
        return list(cluster)
    names = {folded(draft.name) for draft in cluster}

    def is_trace(draft: Draft) -> bool:
        name = folded(draft.name)
        return any(TRACE_BEHIND.fullmatch(name.removeprefix(other)) for other in names - {name})

    if not any(is_trace(draft) for draft in cluster):
        return list(cluster)
    standing = [draft for draft in cluster if not is_trace(draft)]
    traces = [replace(d, name=standing[0].name, signs={}) for d in cluster if is_trace(d)]
    return [*standing, *traces]


def _on_its_days(
    draft: Draft, hours: OpeningHours | HoursRefusal | None
) -> OpeningHours | HoursRefusal | None:
    """Return the hours of an event: as its source says them, on its days alone."""
    if draft.valid_from is None or draft.valid_until is None:
        return hours
    days = OutsideDates(draft.valid_from, draft.valid_until)
    if not isinstance(hours, OpeningHours):  # when on these days is not known
        return OpeningHours(week=None, closures=(days,), source_text=draft.hours.text)
    return replace(hours, closures=(*hours.closures, days))


def _period(cluster: Sequence[Draft]) -> dict[str, Any]:
    """Return the days on which an event is there; nothing for what is there always."""
    first = min((one.valid_from for one in cluster if one.valid_from), default=None)
    last = max((one.valid_until for one in cluster if one.valid_until), default=None)
    if first is None or last is None:
        return {}
    return {"valid_from": first.isoformat(), "valid_until": last.isoformat()}


def is_over(cluster: Sequence[Draft], *, today: date) -> bool:
    """Tell whether all of it are events whose last day is past."""
    return all(one.valid_until is not None and one.valid_until < today for one in cluster)


def is_shut(cluster: Sequence[Draft], read: Sequence[ReadHours]) -> bool:
    """Tell whether the newest record that speaks of operating says that it does not."""
    shut = [
        one.draft
        for one in read
        if one.draft.is_closed or (isinstance(one.hours, OpeningHours) and one.hours.is_never_open)
    ]
    shut += [draft for draft in cluster if draft.is_closed]
    if not shut:
        return False
    running = [
        one.draft
        for one in read
        if isinstance(one.hours, OpeningHours) and one.draft not in shut and one.hours.has_times
    ]
    newest_shut = max(draft.as_of or DISTANT_PAST for draft in shut)
    return all((draft.as_of or DISTANT_PAST) <= newest_shut for draft in running)


def _trusted(cluster: Sequence[Draft], order: Sequence[str]) -> list[Draft]:
    if len(cluster) == 1:
        return list(cluster)
    ranks = {source: rank for rank, source in enumerate(order)}
    newest_first = sorted(cluster, key=lambda draft: draft.as_of or DISTANT_PAST, reverse=True)
    return sorted(newest_first, key=lambda draft: ranks.get(draft.source, len(order)))


def _timed(cluster: Sequence[Draft]) -> Draft | None:
    """Return the record that says how long one stays; of several, that of whom is believed."""
    said = (draft for draft in _trusted(cluster, trusting.KINDS) if draft.stay_min is not None)
    return next(said, None)


def _stay(cluster: Sequence[Draft], *, usual_min: int) -> dict[str, Any]:
    timed = _timed(cluster)
    if timed is None:
        return {"stay_min": usual_min, "stay_provenance": "prior"}
    return {"stay_min": timed.stay_min, "stay_provenance": "stated"}


def _best_hours(read: Sequence[ReadHours]) -> ReadHours | None:
    """Return the hours to use: with times before closing days alone, then by trust and age."""
    ranks = {source: rank for rank, source in enumerate(trusting.HOURS)}

    def order(one: ReadHours) -> tuple[bool, int, int]:
        has_times = isinstance(one.hours, OpeningHours) and one.hours.has_times
        age = -(one.draft.as_of or DISTANT_PAST).toordinal()
        return not has_times, ranks.get(one.draft.source, len(ranks)), age

    understood = [one for one in read if isinstance(one.hours, OpeningHours)]
    return min(understood, key=order, default=None)


def _hours_fields(best: ReadHours | None, cluster: Sequence[Draft]) -> dict[str, Any]:
    if best is None or not isinstance(best.hours, OpeningHours):
        said = next(
            (draft for draft in _trusted(cluster, trusting.HOURS) if draft.hours.text), None
        )
        return {
            "hours": None,
            "hours_provenance": "prior",
            "hours_source": "",
            "hours_as_of": None,
            "hours_text": said.hours.text if said else "",
        }
    return {
        "hours": best.hours.to_json(),
        "hours_provenance": "stated",
        "hours_source": best.draft.source,
        "hours_as_of": best.draft.as_of.isoformat() if best.draft.as_of else None,
        "hours_text": best.draft.hours.text,
    }


def _arrival(
    cluster: Sequence[Draft], stations: Sequence[tuple[float, float]]
) -> tuple[Draft, str]:
    """Return the draft whose point is where one arrives, and the rule that moved it."""
    best = _trusted(cluster, trusting.POINTS)[0]
    if best.category not in WALKED_INTO or best.source in ("night-views", "tourist-sites"):
        return best, ""
    outline = next((draft.outline for draft in cluster if draft.outline), "")
    area = max((draft.area_m2 or 0.0 for draft in cluster), default=0.0) or None
    return entrance(replace(best, outline=outline, area_m2=area), stations=stations)


def _source_class(cluster: Sequence[Draft], category: str) -> str:
    if any(draft.source_class == "fast_food" for draft in cluster) and category == "restaurant":
        return "fast_food"
    return _first(_trusted(cluster, trusting.KINDS), "source_class")


def _first(drafts: Sequence[Draft], field: str) -> str:
    return next((value for draft in drafts if (value := getattr(draft, field))), "")


def _said(cluster: Sequence[Draft], field: str) -> bool | None:
    if len(cluster) == 1:
        found: bool | None = getattr(cluster[0], field)
        return found
    values = (getattr(draft, field) for draft in _trusted(cluster, trusting.KINDS))
    return next((value for value in values if value is not None), None)


def _newest(cluster: Sequence[Draft]) -> date | None:
    return max((draft.as_of for draft in cluster if draft.as_of), default=None)


def _describe(cluster: Sequence[Draft], members: Sequence[Draft], category: str) -> str:
    """Return a line of facts in Korean, in our own words."""
    parts = [f"{cluster[0].district} {CATEGORIES[category].ko}".strip()]
    designation = next((d.source_class for d in cluster if d.source == "seoul-heritage"), "")
    if designation and designation != "유적":
        parts.append(designation)
    objects = sum(draft.is_object for draft in members)
    if objects:
        parts.append(f"지정 유산 {objects}점")
    area = max((draft.area_m2 or 0.0 for draft in cluster), default=0.0)
    if area >= 10_000 and category == "park":
        parts.append(f"넓이 {area / 10_000:,.0f}만㎡")
    signs = {sign: text for draft in cluster for sign, text in draft.signs.items()}
    labels = {
        "stalls": "점포 {}곳",
        "goods": "취급 품목 {}",
        "menu": "대표 메뉴 {}",
        "cuisine": "음식 {}",
        "night_view": "{}",
        "venue": "{}",
        "walk": "{}",
    }
    parts += [label.format(signs[sign]) for sign, label in labels.items() if sign in signs]
    if "terrace" in signs:
        parts.append("야외 좌석")
    return " · ".join(parts)


def _facts(
    fields: dict[str, Any], cluster: Sequence[Draft], at: Draft, rule: str, hours: ReadHours | None
) -> dict[str, Any]:
    """Return for each fact the row it came from and how it is known."""
    priced = next((draft for draft in cluster if draft.cost is not None), None)
    timed = _timed(cluster)
    named = _trusted(cluster, trusting.NAMES)[0]
    facts: dict[str, Any] = {
        "name": {"from": named.key, "provenance": "stated"},
        "location": {"from": at.key, "provenance": "stated", **({"rule": rule} if rule else {})},
        "category": {"from": _trusted(cluster, trusting.KINDS)[0].key, "provenance": "stated"},
        "cost": {"from": priced.key if priced else "", "provenance": fields["cost_provenance"]},
        "stay": {"from": timed.key if timed else "", "provenance": fields["stay_provenance"]},
    }
    cuisine = next((draft for draft in cluster if "cuisine" in draft.signs), None)
    if cuisine is not None:
        said = cuisine.signs["cuisine"]
        facts["cuisine"] = {"from": cuisine.key, "provenance": "stated", "said": said}
    if hours is not None:
        facts["hours"] = {"from": hours.draft.key, "provenance": "stated"}
    return facts


def _source_row(draft: Draft) -> dict[str, Any]:
    return {
        "source": draft.source,
        "external_ref": draft.ref,
        "source_class": draft.source_class[:CLASS_LENGTH],
        "as_of": draft.as_of.isoformat() if draft.as_of else None,
        "payload": dict(draft.payload),
    }
