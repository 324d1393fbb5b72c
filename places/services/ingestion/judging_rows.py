"""Judges a neighbourhood of rows: which are of one place, what is made of each, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from places.opening.types import Refusal as HoursRefusal
from places.services.attaching import Attached, attach
from places.services.composing import Composer, ReadHours, is_over, is_shut
from places.services.grouping import Judged, Rulings, judge, sites
from places.services.ingestion.relating import Known
from places.services.locating import misplaced
from places.services.merging import is_entrance_of
from places.types import Draft, PlaceRecord, Refusal

LEAD, MERGED, ATTACHED, REFUSED = "lead", "merged", "attached", "refused"
HOURS_READ: Final = "read"
DAY: Final = timedelta(days=1)  # as far as zones are apart


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    role: str
    refusal: Refusal | None = None
    hours: str = ""


@dataclass
class Judgement:
    """What is made of a neighbourhood."""

    records: list[PlaceRecord] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)  # by raw id
    judged: list[Judged] = field(default_factory=list)


@dataclass
class RowJudge:
    """Judges with what is known of the city, and with what operators ruled."""

    composer: Composer
    rulings: Rulings
    result: Judgement = field(default_factory=Judgement)
    _ids: dict[str, int] = field(default_factory=dict)  # draft key → raw id

    def judge(self, rows: Sequence[Known]) -> Judgement:
        """Return what is made of the rows, which are in the order of their sources and age."""
        rows = [_dated(one, today=self.composer.today) for one in rows]
        drafts = self._believed(self._newest(rows))
        attached = attach(drafts)
        for draft, refusal in attached.refusals:
            self._refuse(draft, refusal)
        self._compose(attached)
        return self.result

    def _newest(self, rows: Sequence[Known]) -> list[Draft]:
        """Return one draft of each reference, the newest, at the place of the first."""
        chosen: dict[str, Known] = {}
        for one in rows:
            before = chosen.get(one.draft.key)
            if before is not None:
                older, newer = sorted((before, one), key=_age)
                refusal = Refusal(
                    older.draft.where, "repeats another row", older.draft.name, expected=True
                )
                self.result.outcomes[older.raw_id] = Outcome(REFUSED, refusal)
                one = newer  # noqa: PLW2901 - the newer takes the place of the first
            chosen[one.draft.key] = one
        self._ids = {key: one.raw_id for key, one in chosen.items()}
        return [one.draft for one in chosen.values()]

    def _believed(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return the drafts whose point is believed, and that are no gate of something else."""
        wrong = misplaced(draft for draft in drafts if draft.source != "osm")
        markets = [draft for draft in drafts if draft.category == "market"]
        kept: list[Draft] = []
        for draft in drafts:
            if draft.key in wrong:
                reason = "point shared by many addresses"
                self._refuse(draft, Refusal(draft.where, reason, draft.name))
            elif markets and is_entrance_of(draft, markets):
                reason = "entrance, not a place"
                self._refuse(draft, Refusal(draft.where, reason, draft.name, expected=True))
            else:
                kept.append(draft)
        return kept

    def _compose(self, attached: Attached) -> None:
        groups, self.result.judged = judge(attached.drafts, rulings=self.rulings)
        shared = sites([group[0] for group in groups])
        for group in groups:
            members = [one for draft in group for one in attached.members.get(draft.key, ())]
            read = [self.composer.read_hours(draft) for draft in group]
            if is_over(group, today=self.composer.today):
                self._end(group, read)
                continue
            if is_shut(group, read):
                self._shut(group, members, read)
                continue
            site = shared.get(group[0].key, "")
            self.result.records.append(self.composer.compose(group, members, site=site, read=read))
            for one in read:
                role = LEAD if one.draft is group[0] else MERGED
                self._tell(one.draft, Outcome(role, hours=_hours(one)))
            for member in members:
                self._tell(member, Outcome(ATTACHED))

    def _end(self, group: Iterable[Draft], read: Iterable[ReadHours]) -> None:
        told = {one.draft.key: _hours(one) for one in read}
        for draft in group:
            refusal = Refusal(draft.where, "is over", draft.name, expected=True)
            self._tell(draft, Outcome(REFUSED, refusal, told[draft.key]))

    def _shut(
        self, group: Iterable[Draft], members: Iterable[Draft], read: Iterable[ReadHours]
    ) -> None:
        for one in read:
            refusal = Refusal(one.draft.where, "does not operate", one.draft.name)
            self._tell(one.draft, Outcome(REFUSED, refusal, _hours(one)))
        for draft in members:
            refusal = Refusal(draft.where, "its site does not operate", draft.name)
            self._tell(draft, Outcome(REFUSED, refusal))

    def _refuse(self, draft: Draft, refusal: Refusal) -> None:
        self._tell(draft, Outcome(REFUSED, refusal))

    def _tell(self, draft: Draft, outcome: Outcome) -> None:
        raw_id = self._ids.get(draft.key)
        if raw_id is not None:  # not of a site that only its halls name
            self.result.outcomes[raw_id] = outcome


def _dated(one: Known, *, today: date) -> Known:
    """Return the row without a day that is yet to come: it would be newer than all others for ever."""
    if one.draft.as_of is None or one.draft.as_of <= today + DAY:
        return one
    return replace(one, draft=replace(one.draft, as_of=None))


def _age(one: Known) -> tuple[bool, date, int]:
    return not one.is_missing, one.draft.as_of or date.min, one.raw_id


def _hours(one: ReadHours) -> str:
    if one.hours is None:
        return ""
    return one.hours.reason if isinstance(one.hours, HoursRefusal) else HOURS_READ
