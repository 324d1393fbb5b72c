"""
How far the facts of a place are believed after what visitors reported.

A fact starts with the trust of `s` confirmations that nobody contradicts (`[fact]` in
`data/reports.toml`) and is believed to s / (s + Σ wᵢ·dᵢ), the mean of a beta distribution whose
failures are the reports (A. Jøsang, R. Ismail, "The Beta Reputation System", 2002). wᵢ is what the
reporter's word weighs, dᵢ = 2^(−age / half-life). Of one person's reports of a fact the heaviest alone
counts, and all whose word weighs little weigh together no more than one ordinary reporter: a burst
of fresh accounts closes nothing, nor does one person.

A reporter's word weighs (accepted + 1) / (accepted + dismissed + 2), Laplace's rule over what
operators found of the reports before, times how settled the account is.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from common.acting import acting_as_system
from places.models import FactConfidence, Place, PlaceReport
from places.reports.types import (
    FACT_OF,
    Belief,
    Claim,
    PlaceFact,
    Reporter,
    ReportKind,
    ReportStatus,
)
from users.selectors import list_standings

RULES: Final = Path(__file__).resolve().parents[1] / "data" / "reports.toml"
DAY: Final = timedelta(days=1)
JUDGED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefRules:
    """What `data/reports.toml` says, section by section."""

    fact: Mapping[str, float]
    half_life_days: Mapping[str, float]
    reporter: Mapping[str, float]
    doubt: Mapping[str, float]


@cache
def belief_rules() -> BeliefRules:
    return BeliefRules(**tomllib.loads(RULES.read_text("utf-8")))


def weigh_reporter(reporter: Reporter, /, *, rules: BeliefRules) -> float:
    """Return what somebody's word weighs, in [0, 1]."""
    said = rules.reporter
    record = (reporter.accepted + 1) / (reporter.accepted + reporter.dismissed + 2)
    settled = min(1.0, max(0.0, reporter.account_age_days) / said["fresh_for_days"])
    age = said["fresh_weight"] + (1 - said["fresh_weight"]) * settled
    return record * age * (1.0 if reporter.has_confirmed_email else said["unconfirmed_weight"])


def believe(
    *,
    fact: PlaceFact,
    claims: Sequence[Claim],
    record_at: datetime | None,
    now: datetime,
    rules: BeliefRules,
) -> Belief | None:
    """
    Return how far a fact is believed; None where no report has any effect any more.

    `record_at` is when the newest record that tells the fact was made: what was seen before it
    fades fast from then on, for the record does not bear it out.
    """
    heaviest: dict[int, float] = {}
    independent: set[int] = set()
    for said in claims:
        faded = said.weight * _fading(said, record_at, now, rules)
        if faded < rules.doubt["forgotten_below"]:
            continue
        heaviest[said.reporter] = max(faded, heaviest.get(said.reporter, 0.0))
        if said.weight >= rules.reporter["independent_from"]:
            independent.add(said.reporter)
    if not heaviest:
        return None
    weight = sum(value for one, value in heaviest.items() if one in independent) + min(
        rules.reporter["fresh_together"],
        sum(value for one, value in heaviest.items() if one not in independent),
    )
    trust = rules.fact[fact]
    confidence = trust / (trust + weight)
    return Belief(
        fact=fact,
        confidence=confidence,
        reporters=len(independent),
        last_seen_at=max(said.seen_at for said in claims if said.reporter in heaviest),
        is_doubted=confidence < rules.doubt["below"]
        and len(independent) >= rules.doubt["reporters"],
    )


def _fading(said: Claim, record_at: datetime | None, now: datetime, rules: BeliefRules) -> float:
    age = max(timedelta(), now - said.seen_at) / DAY
    half_lives = age / rules.half_life_days[said.kind]
    if record_at is not None and said.seen_at < record_at <= now:
        half_lives += (now - record_at) / DAY / rules.doubt["newer_record_half_life_days"]
    return math.exp2(-half_lives)


@dataclass(frozen=True)
class Beliefs:
    """Keeps how far the facts of places are believed."""

    rules: BeliefRules = field(default_factory=belief_rules)

    @transaction.atomic
    def judge(self, *, place_id: int, now: datetime) -> None:
        """Judge one place anew from its open reports, one at a time."""
        place = lock_place(place_id=place_id)
        with acting_as_system():  # what everybody reported of the place
            reports = list(
                PlaceReport.objects.filter(place=place, status=ReportStatus.OPEN).order_by("pk")
            )
            self._weigh(reports, now)
            beliefs = self._believe(place, reports, now)
        _store(place, beliefs, now)

    def judge_all(self, *, now: datetime) -> int:
        """Judge every place anew of which something is believed less; return how many."""
        judged = 0
        while chosen := list(
            FactConfidence.objects.filter(judged_at__lt=now)
            .order_by("place_id")
            .values_list("place_id", flat=True)
            .distinct()[:JUDGED_AT_ONCE]
        ):
            for place_id in chosen:
                self.judge(place_id=place_id, now=now)
            judged += len(chosen)
        return judged

    def weigh(self, *, user_id: int, now: datetime) -> float:
        """Return what the word of a user weighs now."""
        with acting_as_system():
            (weight,) = self._weights([user_id], now).values()
        return weight

    def _weigh(self, reports: Sequence[PlaceReport], now: datetime) -> None:
        weights = self._weights([one.user_id for one in reports if one.user_id is not None], now)
        changed = []
        for report in reports:
            weight = weights.get(report.user_id or 0, report.weight)
            if weight != report.weight:
                report.weight = weight
                changed.append(report)
        PlaceReport.objects.bulk_update(changed, ["weight"])

    def _weights(self, user_ids: Iterable[int], now: datetime) -> dict[int, float]:
        standings = list_standings(user_ids=user_ids)
        found = Counter(
            PlaceReport.objects.filter(
                user_id__in=list(standings),
                status__in=[ReportStatus.ACCEPTED, ReportStatus.DISMISSED],
            ).values_list("user_id", "status")
        )
        return {
            user_id: standing.is_active
            * weigh_reporter(
                Reporter(
                    account_age_days=(now - standing.created_at) / DAY,
                    has_confirmed_email=standing.has_confirmed_email,
                    accepted=found[user_id, ReportStatus.ACCEPTED.value],
                    dismissed=found[user_id, ReportStatus.DISMISSED.value],
                ),
                rules=self.rules,
            )
            for user_id, standing in standings.items()
        }

    def _believe(
        self, place: Place, reports: Sequence[PlaceReport], now: datetime
    ) -> dict[PlaceFact, Belief]:
        claims: dict[PlaceFact, list[Claim]] = {}
        for report in reports:
            kind = ReportKind(report.kind)
            if kind in FACT_OF:
                claims.setdefault(FACT_OF[kind], []).append(
                    Claim(
                        # Whoever left had one open report of a kind like anybody else.
                        reporter=report.user_id or -report.pk,
                        kind=kind,
                        weight=report.weight,
                        seen_at=report.seen_at,
                    )
                )
        beliefs = {}
        for fact, told in claims.items():
            belief = believe(
                fact=fact,
                claims=told,
                record_at=_record_at(place, fact),
                now=now,
                rules=self.rules,
            )
            if belief is not None:
                beliefs[fact] = belief
        return beliefs


def lock_place(*, place_id: int) -> Place:
    """Return a place, locked until the transaction ends."""
    return Place.objects.select_for_update(no_key=True).defer("embedding").get(pk=place_id)


def _record_at(place: Place, fact: PlaceFact) -> datetime | None:
    """Return the start of the day of the newest record that tells the fact."""
    day: date | None = place.as_of
    if fact is PlaceFact.HOURS and place.hours_as_of is not None:
        day = place.hours_as_of
    return None if day is None else datetime.combine(day, time(), ZoneInfo(place.time_zone))


def _store(place: Place, beliefs: Mapping[PlaceFact, Belief], now: datetime) -> None:
    FactConfidence.objects.filter(place=place).exclude(fact__in=list(beliefs)).delete()
    FactConfidence.objects.bulk_create(
        [
            FactConfidence(
                place=place,
                fact=fact,
                confidence=belief.confidence,
                reporters=belief.reporters,
                is_doubted=belief.is_doubted,
                last_seen_at=belief.last_seen_at,
                judged_at=now,
            )
            for fact, belief in beliefs.items()
        ],
        update_conflicts=True,
        unique_fields=["place", "fact"],
        update_fields=["confidence", "reporters", "is_doubted", "last_seen_at", "judged_at"],
    )
