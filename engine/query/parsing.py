"""Sentence in, interpretation out: find items, cut the sentence, read the units together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from typing import Final, TypeVar

from engine.query import (
    animals,
    areas,
    correcting,
    ignoring,
    meals,
    money,
    negation,
    oddities,
    people,
    resolving,
    times,
    wanting,
)  # fmt: skip
from engine.query.folding import Folded, fold, is_stem
from engine.query.gazetteer import Gazetteer
from engine.query.lexicon import Lexicon, load_lexicon
from engine.query.readings import Item, Unit
from engine.query.resolving import ClockTimes
from engine.query.segmenting import Tails, segment
from engine.query.types import Interpretation, Span, Understood
from engine.query.typos import shipped_typos

T = TypeVar("T")

_AREA_CATEGORIES: Final = (
    ("시장", "market"), ("market", "market"), ("공원", "park"), ("park", "park"), ("궁", "heritage"),
    ("palace", "heritage"), ("gung", "heritage"), ("temple", "heritage"), ("미술관", "gallery"), ("박물관", "museum"), ("museum", "museum"),
    ("도서관", "library"), ("library", "library"),
)  # fmt: skip


class QueryParser:
    """Understands one Korean or English sentence at a time; built once for each gazetteer."""

    def __init__(self, *, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer(())
        self._lexicon: Final[Lexicon] = load_lexicon()
        self._tails: Final = Tails(self._lexicon.tails, self._lexicon.name_tails)
        self._typos: Final = shipped_typos()

    def parse(self, *, sentence: str) -> Interpretation:
        """Return what `sentence` asks for. Never raises; the same sentence reads the same."""
        folded = fold(sentence)
        units, _ = segment(text=folded.text, items=self._items(folded, sentence), tails=self._tails)
        for unit in units:
            if unit.unknown:
                self._typos.correct(unit)
        cafes = animals.mark_cafes(units)
        correcting.set_aside(units)
        correcting.take_back(units)
        negation.mark_negated(units)
        animals.negate_together(cafes)
        return _Reader(units, folded, sentence, self._lexicon, self._gazetteer).interpretation()

    def _items(self, folded: Folded, sentence: str) -> dict[int, list[Item]]:
        text = folded.text
        found: dict[int, list[Item]] = {}
        for at in range(len(text)):
            if at and is_stem(text[at]) and is_stem(text[at - 1]):
                continue
            items = list(self._lexicon.items_at(text=text, start=at))
            if items:
                found[at] = items
        read = sentence[: folded.ends[-1]] if folded.ends else ""
        _merge(found, areas.area_items(folded=folded, sentence=read, gazetteer=self._gazetteer))
        _merge(found, money.money_items(text))
        _merge(found, times.time_items(text))
        _merge(found, people.people_items(text))
        _merge(found, oddities.odd_items(text))
        return found


def _merge(found: dict[int, list[Item]], items: Iterable[Item]) -> None:
    """Add `items`; one that covers the same stretch as another adds its readings to it."""
    for item in items:
        here = found.setdefault(item.start, [])
        for index, known in enumerate(here):
            if known.end == item.end:
                readings = (*item.readings, *(r for r in known.readings if r not in item.readings))
                here[index] = Item(item.start, item.end, readings, item.confidence)
                break
        else:
            here.append(item)


class _Reader:
    """Reads the units of one sentence together."""

    def __init__(
        self,
        units: Sequence[Unit],
        folded: Folded,
        sentence: str,
        lexicon: Lexicon,
        gazetteer: Gazetteer,
    ) -> None:
        self._gazetteer = gazetteer
        self._folded = folded
        self._sentence = sentence
        self._area = areas.find_area(
            units=units, folded=folded, sentence=sentence, kinds=lexicon.place_kinds
        )
        self._units = [u for i, u in enumerate(units) if not self._names_a_kind(units, i)]

    def interpretation(self) -> Interpretation:
        """Return every field."""
        units = self._units
        wanted = wanting.categories(units, of_area=self._area_categories())
        stated = resolving.dayparts(units)
        clock = resolving.clock_times(
            units,
            dayparts=[value for value, _ in stated],
            categories=[value for value, _ in wanted],
        )
        party = people.party_size(units)
        money = resolving.budget(units, party=party[0] if party else None)
        per_category, stops = wanting.counts(units)
        found = Interpretation(
            time_budget_min=self._time_budget(clock),
            budget=self._one(money[0].amount, money[1]) if money else None,
            budget_currency=money[0].currency if money else None,
            budget_band=self._first("bands"),
            moods=self._several(self._values("moods")),
            categories=self._several(wanted),
            category_counts=self._several([((c, n), u) for c, n, u in per_category]),
            mostly=self._several(wanting.mostly(units)),
            avoid=self._several(self._avoided({value for value, _ in wanted})),
            meals=self._several(meals.meals(units)),
            mode=self._mode(),
            start_time=self._clock(clock.start, clock.units[:1], clock.confidence),
            end_time=self._clock(clock.end, clock.units[-1:], clock.confidence),
            daypart=self._daypart(stated, clock),
            day=self._day(),
            companions=self._companions(),
            party_size=self._one(*party) if party else None,
            indoor=self._indoor(),
            area=self._area_understood(),
            area_slugs=self._area_slugs(),
            max_stops=self._one(stops[0], [stops[1]]) if stops else None,
            low_walking=self._low_walking(),
            after_dark=self._flag("after_dark"),
            needs=self._several(self._needs()),
            chains_wanted=self._flag("chains_wanted"),
        )
        return replace(found, ignored=self._ignored(found))

    def _names_a_kind(self, units: Sequence[Unit], index: int) -> bool:
        """Tell whether a unit only says what kind of place the area before it is."""
        if not index or self._area is None or units[index].gap.strip():
            return False
        before = units[index - 1]
        return before in self._area.units and not before.tail and units[index].says("place_kinds")

    def _one(self, value: T, units: Sequence[Unit], confidence: float = 1.0) -> Understood[T]:
        spans = tuple(self._folded.span(u.start, u.end) for u in units)
        return Understood(
            value=value, spans=spans, confidence=min([confidence, *(u.confidence for u in units)])
        )

    def _holds(self, units: Sequence[Unit], *, value: bool = True) -> Understood[bool]:
        return self._one(value, units)

    def _several(self, said: Sequence[tuple[T, Unit]]) -> tuple[Understood[T], ...]:
        """Return each value once, with every place that says it, in the order of the sentence."""
        by_value: dict[T, list[Unit]] = {}
        for value, unit in sorted(said, key=lambda pair: pair[1].start):
            by_value.setdefault(value, []).append(unit)
        return tuple(self._one(value, units) for value, units in by_value.items())

    def _values(self, section: str) -> list[tuple[str, Unit]]:
        return [(v, u) for u in self._units if not u.negated for v in u.values.get(section, ())]

    def _first(self, section: str) -> Understood[str] | None:
        said = self._values(section)
        return self._one(said[0][0], [said[0][1]]) if said else None

    def _flag(self, section: str) -> Understood[bool] | None:
        said = self._values(section)
        return self._holds([said[0][1]]) if said else None

    def _time_budget(self, clock: ClockTimes) -> Understood[int] | None:
        said = resolving.duration(self._units)
        if said is None and clock.start is not None and clock.end is not None:
            return self._one(clock.end - clock.start, clock.units)
        return self._one(*said) if said else None

    def _clock(
        self, minutes: int | None, units: Sequence[Unit], confidence: float
    ) -> Understood[str] | None:
        if minutes is None:
            return None
        return self._one(f"{minutes // 60 % 24:02d}:{minutes % 60:02d}", units, confidence)

    def _daypart(
        self, stated: Sequence[tuple[str, Unit]], clock: ClockTimes
    ) -> Understood[str] | None:
        said = [p for p in stated if clock.start is None or not resolving.is_weak_daypart(p)]
        if said:
            return self._one(said[0][0], [said[0][1]])
        if clock.start is None:
            return None
        return self._one(resolving.daypart_of(clock.start), clock.units[:1], clock.confidence)

    def _day(self) -> Understood[str] | None:
        said = sorted(self._values("days"), key=lambda pair: pair[0] == "weekend")
        return self._one(said[0][0], [said[0][1]]) if said else None

    def _mode(self) -> Understood[str] | None:
        """Return how to move; riding somewhere to walk there is riding."""
        said = sorted(self._values("modes"), key=lambda pair: pair[0] == "walk")
        return self._one(said[0][0], [said[0][1]]) if said else None

    def _companions(self) -> Understood[str] | None:
        said = people.companion_units(self._units)
        return self._one(said[0][1], [u for u, who in said if who == said[0][1]]) if said else None

    def _needs(self) -> list[tuple[str, Unit]]:
        """Return what places are to have; who brings an animal needs it to be let in."""
        pets = [("pet", u) for u in self._units if u.says("companions", "pet") and not u.negated]
        return [*self._values("needs"), *pets]

    def _indoor(self) -> Understood[bool] | None:
        said = self._values("indoor")
        return self._holds([said[0][1]], value=said[0][0] == "true") if said else None

    def _low_walking(self) -> Understood[bool] | None:
        said = [
            u
            for u in self._units
            if u.says("low_walking") or (u.negated and u.says("modes", "walk"))
        ]
        return self._holds(said[:1]) if said else None

    def _avoided(self, wanted: Set[str]) -> list[tuple[str, Unit]]:
        """Return what is excluded; "커피 말고 찻집" asks for a cafe and excludes none."""
        avoided = [("crowded", u) for u in self._units if u.says("uncrowded") and not u.negated]
        avoided += [(v, u) for v, u in self._values("avoids") if v not in wanted]
        for index, unit in enumerate(self._units):
            if not unit.negated or self._only_describes(index, wanted):
                continue
            if unit.says("crowded"):
                avoided.append(("crowded", unit))
            if unit.says("praise") and "restaurant" not in wanted:
                avoided.append(("restaurant", unit))
            avoided += [
                (value, unit)
                for value in unit.values.get("categories") or unit.values.get("moods", [])
                if value not in wanted and not unit.says("dishes")
            ]
        return avoided

    def _only_describes(self, index: int, wanted: Set[str]) -> bool:
        """
        Tell whether a quality only says which place is excluded: 전망 좋은 바 말고.

        A nuisance (시끄러운 바) is excluded itself, and so is what parts two places of one kind:
        모던한 카페보다는 한옥 카페.
        """
        if self._units[index].says("moods", "lively") or not self._units[index].says("moods"):
            return False
        for unit in self._units[index + 1 :]:
            if not unit.negated or unit.gap.strip():
                return False
            if not unit.says("moods"):
                return unit.says("categories") and not wanted & set(unit.values["categories"])
        return False

    def _area_categories(self) -> list[tuple[str, Unit]]:
        """Return what going to the areas themselves means: 광장시장 is a market."""
        chosen = self._area.units if self._area else ()
        names = [(u.text, u) for u in self._units if u.says("area") and u not in chosen]
        if self._area:
            names.append((self._folded.text[self._area.start : self._area.end], chosen[-1]))
        return [
            (category, unit)
            for name, unit in names
            if not unit.negated
            for category in [
                next((c for ending, c in _AREA_CATEGORIES if name.endswith(ending)), "")
            ]
            if category and self._is_goal(unit, market=category == "market")
        ]

    def _is_goal(self, unit: Unit, *, market: bool) -> bool:
        before, follows = resolving.neighbours(self._units, unit)
        if before is not None and before.says("visits"):
            return True
        beside = before is not None and before.text in {"near", "around", "close to", "next to"}
        if beside or (follows is not None and follows.says("near") and not follows.gap.strip()):
            return False
        if market:
            return True
        if before is not None and before.says("place_prepositions"):
            return False
        return unit.tail in {"이랑", "랑", "하고", "과", "와", "을", "를", "도", "이나"} or (
            unit.tail == ""
            and (
                follows is None
                or bool(follows.gap.strip())
                or follows.says("fillers")
                or follows.says("no_field")
                or follows.says("visits")
                or follows.says("modes", "walk")
            )
        )

    def _area_understood(self) -> Understood[str] | None:
        if self._area is None:
            return None
        span = self._folded.span(self._area.start, self._area.end)
        written = self._sentence[span.start : span.end]
        return Understood(value=written, spans=(span,), confidence=self._area.confidence)

    def _area_slugs(self) -> tuple[str, ...]:
        """Return what the gazetteer calls the area, asked again for one cut out of a long word."""
        if self._area is None or self._area.slugs:
            return self._area.slugs if self._area else ()
        name = self._folded.text[self._area.start : self._area.end]
        return tuple(a.slug for m in self._gazetteer.find_all(name)[:1] for a in m.areas)

    def _ignored(self, found: Interpretation) -> tuple[Span, ...]:
        understood = [one for name in found.__slots__ for one in _pieces(getattr(found, name))]
        spans = {span for one in understood for span in one.spans}
        units = ignoring.ignored(
            self._units,
            area=self._area.units if self._area else (),
            held={u.start for u in self._units if self._folded.span(u.start, u.end) in spans},
            values={one.value for one in understood if isinstance(one.value, str)},
        )
        dropped = [self._folded.span(u.start, u.end) for u in units]
        if self._folded.ends and self._sentence[self._folded.ends[-1] :].strip():
            dropped.append(Span(self._folded.ends[-1], len(self._sentence)))
        return tuple(dropped)


def _pieces(said: object) -> list[Understood[object]]:
    """Return what a field holds, none for what has no words of its own (area_slugs)."""
    several = said if isinstance(said, tuple) else (said,)
    return [one for one in several if isinstance(one, Understood)]
