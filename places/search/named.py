"""
Finds places by what their names spell: the surest way first, the next only where a page is not full.

Of a rare text all that fits is read at once. Of a frequent one the best known come first: band after
band of the index is read, until there are enough. Both ways give the same order, so that one page
follows another wherever it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import connection

from places.search.choosing import IN_REACH
from places.search.spelt import (
    BAND_NAMES,
    Fit,
    Sought,
    Text,
    is_initials,
    is_name,
    read_text,
    seek,
    seek_initials,
    seek_inside,
    seek_mended,
)
from places.search.words import list_choices, list_words_inside

FEW_HIGH: Final = 300  # so many are read at once and put in order here
# A frequent text is looked for in a few bands at a time, near a position in the nearest places before.
KNOWN_BANDS: Final = "012"  # of one place in ten: what many of these are called is frequent
OTHER_BANDS: Final = "34567"
KNOWN_FEW_HIGH: Final = 30
BANDS_AT_ONCE: Final = ("0", "12", "34", "567")
WALKED_HIGH: Final = 4_000  # places that are looked at, one by one from the middle
FREQUENT_UP_TO: Final = 5  # letters of a text that is surely the beginning of more words than that
SELDOM_FROM: Final = 4  # consonants that few names hold in a row
NAMES_ENOUGH: Final = 20  # names that hold the text, or one that is it: then no other is sought
COMPARED_HIGH: Final = 100  # names with a slip, the best known
ALIKE_LOW: Final = 0.45
SLIP_SCORE: Final = 0.75

# For each band a search of the index of its own: within one it goes by the rarest word, in a mixture
# of several by the commonest of the smallest band.
_WORDS: Final = "place_words(p.names, p.popularity) @@ %(words{band})s::tsquery"
_FITS: Final = """
SELECT p.place_id, p.popularity, {away}, CASE WHEN {whole} THEN 0 WHEN {holds} THEN 1 ELSE 3 END
FROM places_placelisting p WHERE {where} AND {words} AND ({match} OR {whole}) LIMIT (SELECT {high})
"""  # which the planner does not know: it would go through the table, so few are they
# Apart from their order, or the planner would go through all places in that order.
_BEST: Final = """
WITH found AS MATERIALIZED (
  SELECT p.place_id AS id, p.popularity, {away} AS away FROM places_placelisting p WHERE {where} AND {words} AND {match}
)
SELECT id, popularity, away FROM found ORDER BY away, popularity DESC, id LIMIT {high}
"""
_SOME: Final = """
SELECT p.place_id, p.popularity, {away} FROM places_placelisting p WHERE {where} AND {words} AND {match}
LIMIT (SELECT {high})
"""
# In the order of the index of spots, up to the place that fills the page.
_WALKED: Final = """
SELECT p.place_id, p.popularity, p.away FROM (
  SELECT *, {away} AS away FROM places_placelisting p WHERE p.is_active ORDER BY {away} LIMIT {walked}
) AS p
WHERE {where} AND {looked_at} AND {match} ORDER BY p.away, p.popularity DESC, p.place_id LIMIT {high}
"""
_AROUND: Final = f"""
SELECT count(*) FROM (
  SELECT FROM places_placelisting p WHERE p.is_active AND {IN_REACH} LIMIT {WALKED_HIGH + 1}
) AS around
"""  # noqa: S608 - built from the constants above
_ALIKE: Final = """
SELECT p.place_id, word_similarity(%(letters)s, NORMALIZE(p.name_search, NFD)) FROM places_placelisting p
WHERE p.place_id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A place that fits more or less."""

    id: int
    score: float
    popularity: float
    away: float | None


@dataclass(frozen=True)
class Names:
    """The names of the places that meet a condition."""

    where: str  # SQL over the place `p`
    parameters: Mapping[str, Any]
    away: str  # SQL: how far it is, where that comes first
    reach: int  # so many are asked for at most

    @property
    def is_near(self) -> bool:
        return not self.away.startswith("NULL")

    def ask(self, sql: str, sought: Sought, bands: str, **more: Any) -> list[Any]:
        words = {f"words{band}": sought.in_band(band) for band in bands}
        either = " OR ".join(_WORDS.format(band=band) for band in bands)
        parameters = {**self.parameters, **sought.parameters, **words}
        query = sql.format(
            where=self.where,
            away=self.away,
            words=f"({either})",
            match=sought.match,
            walked=WALKED_HIGH,
            **more,
        )
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())

    def best(self, sought: Sought, /, *, high: int, is_frequent: bool) -> list[Scored]:
        """Return what is found, the nearest or the best known first; all at once if it is little."""
        # Near a position, what is not looked at in the names around is read whole in any case.
        if not is_frequent and not (self.is_near and not sought.looked_at):
            some = self.ask(_SOME, sought, BAND_NAMES, high=FEW_HIGH + 1)
            if len(some) <= FEW_HIGH:
                return [_scored(row) for row in sorted(some, key=_place_in_order)][:high]
        if self.is_near:
            return self._nearest(sought, high)
        found: list[Scored] = []
        for bands in BANDS_AT_ONCE:
            rows = self.ask(_BEST, sought, bands, high=high - len(found))
            found += [_scored(row) for row in rows]
            if len(found) >= high:
                break
        return found

    def _nearest(self, sought: Sought, high: int) -> list[Scored]:
        """Return the nearest: of a frequent text enough stand among the places that are near anyway."""
        if sought.looked_at:
            rows = self.ask(_WALKED, sought, "", looked_at=sought.looked_at, high=high)
            if len(rows) >= high or self._walks_all():
                return [_scored(row) for row in rows]
        rows = self.ask(_BEST, sought, BAND_NAMES, high=high)
        return [_scored(row) for row in rows]

    def _walks_all(self) -> bool:
        """Tell whether no place in the circle is left out by going along the nearest."""
        with connection.cursor() as cursor:
            cursor.execute(_AROUND, self.parameters)
            (count,) = cursor.fetchone()
        return bool(count <= WALKED_HIGH)


def _scored(row: tuple[Any, ...]) -> Scored:
    place, popularity, away, *_ = row
    return Scored(place, 1.0, popularity, away)


def _place_in_order(row: tuple[Any, ...]) -> tuple[float, float, int]:
    """Return what _BEST orders by."""
    place, popularity, away, *_ = row
    return (away or 0.0, -popularity, place)


@dataclass
class NameSearch:
    """Goes from one way to find a text to the next until `names.reach` places are found."""

    names: Names
    found: dict[int, None] = field(default_factory=dict)  # in order
    is_whole: bool = False

    def run(self, said: str, *, most: Fit = Fit.WORDS) -> None:
        """Find what the text surely spells, by `most` and the ways that are surer."""
        text = read_text(said)
        if is_initials(said):
            self._take_in_turn(self._initials(said))
        elif is_name(text):
            self._take_in_turn(self._ways(text, most))

    def is_enough(self) -> bool:
        return len(self.found) >= self.names.reach

    def list_misspelt(self, said: str) -> list[Scored]:
        """Return names that spell the text nearly, unless some spell it as it is."""
        text = read_text(said)
        if is_initials(said) or not is_name(text):
            return []
        if self.is_whole or len(self.found) >= NAMES_ENOUGH:
            return []
        choices, together = list_choices(text)
        if not choices and not together:
            return []
        sought = seek_mended(choices, together)
        rows = {
            row.id: row for row in self.names.best(sought, high=COMPARED_HIGH, is_frequent=False)
        }
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, {"letters": text.letters, "ids": list(rows)})
            alike = dict(cursor.fetchall())
        return [
            Scored(row.id, SLIP_SCORE * alike[row.id], row.popularity, row.away)
            for row in rows.values()
            if alike[row.id] >= ALIKE_LOW
        ]

    def _take_in_turn(self, ways: Iterable[Sequence[Scored]]) -> None:
        for found in ways:
            self.found |= dict.fromkeys(one.id for one in found)
            if self.is_enough():
                return

    def _initials(self, said: str) -> Iterator[Sequence[Scored]]:
        for sought in seek_initials(said):
            yield self._best(sought, is_frequent=len(said) < SELDOM_FROM)

    def _ways(self, text: Text, most: Fit) -> Iterator[Sequence[Scored]]:
        """Yield what each way finds, the surest first; what is not asked for is not looked for."""
        few = None if most is Fit.WHOLE else self._few(text)
        for fit in (fit for fit in Fit if fit <= most):
            if fit is Fit.INSIDE:
                words = list_words_inside(text)
                yield self._best(seek_inside(text, words), is_frequent=False) if words else []
            elif few is not None:
                yield few[fit]
            else:
                yield self._best(seek(text, fit), is_frequent=True)
            if fit is Fit.WHOLE:
                self.is_whole = bool(self.found)

    def _best(self, sought: Sought, *, is_frequent: bool) -> list[Scored]:
        return self.names.best(sought, high=self.names.reach, is_frequent=is_frequent)

    def _few(self, text: Text) -> Mapping[Fit, Sequence[Scored]] | None:
        """Return all that fits, if it is little: one query instead of one for each fit and band."""
        if sum(map(len, text.words)) <= FREQUENT_UP_TO:
            return None
        whole, begins = seek(text, Fit.WHOLE), seek(text, Fit.BEGINS)
        every = seek(text, Fit.WORDS)
        sought = replace(every, parameters={**every.parameters, **begins.parameters})
        rows: list[Any] = []
        for bands, high in ((KNOWN_BANDS, KNOWN_FEW_HIGH), (OTHER_BANDS, FEW_HIGH)):
            rows += self.names.ask(
                _FITS, sought, bands, whole=whole.match, holds=begins.match, high=high + 1
            )
            if len(rows) > high:
                return None
        few: dict[Fit, list[Scored]] = {fit: [] for fit in Fit}
        for row in sorted(rows, key=_place_in_order):
            few[Fit(row[3])].append(_scored(row))
        return few
