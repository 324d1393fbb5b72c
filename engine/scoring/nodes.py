"""
The published formula.

    node score = proximity^w · preference^w · time_fit^w · budget_fit^w
                 − w·congestion + w·freshness + w·weather + w·novelty

Every part lies in [0, 1]; the weights w are `NodeWeights` of the kind of card. A card scores the
sum of its nodes minus waiting (w a minute), walking (w a minute on the way, by whatever mode),
repetition (w for each further stop of a category) and stops (w for each: what it takes to arrive
somewhere and leave again, so that a stop that hardly matters does not pay): exactly what the
planner maximises.

proximity   exp(−detour / scale): the way the stop adds, half the detour from the origin to the
            destination over it, on a scale of half the mode's reach
preference  match · merit^w · substance^w, not below PREFERENCE_LOW; chains come last
            match: weighted mean of what speaks, the category as asked for or its appeal, the moods
            asked for with the confidence of their evidence, the likeness to the sentence beside the
            likest place, and how far it is liked, by the cosine with the taste
            merit: 0.6 quality + 0.4 popularity, so that the unremarkable counts for little
            substance: usual stay / 90 minutes, at most 1: what there is to come for
time_fit    by the category's curve at the local time the stay begins; a meal that was asked for at the
            time at which the plan begins fits less the longer it is put off
budget_fit  1 − half the share of the budget that the stop may cost
congestion  the place's own, by the hour of a weekday or weekend, times how much fuller than usual it is
            around it at that hour, where somebody tells
novelty     good though off the beaten path: (1 − popularity) times how far the quality lies from
            poor (0.25, nothing) to good (0.75, all); when the taste is known, the mean of
            1 − popularity and 1 − taste takes the place of 1 − popularity
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.catalogue import CATEGORIES, MODES
from engine.scoring.features import CATEGORY_NAMES, Features, FloatArray
from engine.scoring.parameters import (
    ADDED,
    FACTORS,
    KindParameters,
    NodeWeights,
    ScoringParameters,
)
from engine.types import CardKind, Constraints

BUCKET_MIN: Final = 30.0  # the curves change little in less; half the search of 15
PREFERENCE_LOW: Final = 0.05
CATEGORY_MATCH: Final = "category match"
_FACTOR_LOW: Final = 0.02  # one bad factor must not hide the others
_MOOD_UNKNOWN: Final = 0.2  # nothing says that the place has the mood, nor that it has not
_SUBSTANCE_MIN: Final = 90.0  # a stay worth coming for by itself
_POOR: Final = 0.25  # quality of a place of which nothing speaks
_GOOD: Final = 0.75
_CROWD_AVERSION: Final = 3.0  # factor on the congestion weight when crowds are to be avoided


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeScores:
    """Scores of n candidates in t buckets of BUCKET_MIN from the start of the plan."""

    score: FloatArray  # (n, t)
    parts: Mapping[str, FloatArray]  # name → (n, t), or (n, 1) for all times, each in [0, 1]
    weights: NodeWeights

    def bucket(self, minutes: float) -> int:
        """Return the bucket of a stay that begins `minutes` after the start."""
        last: int = self.score.shape[1] - 1
        return min(int(minutes // BUCKET_MIN), last)

    def parts_at(self, candidate: int, minutes: float) -> dict[str, float]:
        """Return each part of `candidate` for a stay that begins then."""
        bucket = self.bucket(minutes)
        return {
            name: float(values[candidate, bucket if values.shape[1] > 1 else 0])
            for name, values in self.parts.items()
        }


def combine(*, parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the node score of `parts` by the published formula."""
    product = float(np.prod([parts[name] ** weights[name] for name in FACTORS]))
    return product + sum(sign * weights[name] * parts[name] for name, sign in ADDED.items())


def _proximity(crow_fly: FloatArray, constraints: Constraints) -> FloatArray:
    """`crow_fly` is (n + 2, n + 2), the origin at n and the end at n + 1."""
    from_origin = crow_fly[-2, :-2]
    way = from_origin
    if constraints.destination is not None:
        way = (from_origin + crow_fly[:-2, -1] - crow_fly[-2, -1]) / 2
    return np.asarray(np.exp(-way / (MODES[constraints.mode].reach_high_m / 2)))


def _category_match(
    features: Features, constraints: Constraints, parameters: ScoringParameters
) -> FloatArray:
    match = parameters.category_match
    present = {CATEGORY_NAMES[row] for row in set(features.category.tolist())}
    # Beside what was asked for and is not there, the rest is no second choice.
    asked = {*constraints.categories, *constraints.category_counts} & present
    mostly = present.intersection(constraints.mostly)
    company = dict(parameters.company.get(constraints.companions or "", {}))
    if constraints.stroll:
        for name, value in parameters.company["stroll"].items():
            company[name] = company.get(name, 0.0) + value
    by_category = []
    for name in CATEGORY_NAMES:
        if name in mostly:
            value = match.mostly
        elif name in asked:
            value = match.asked
        else:
            # Company and appeal still tell the others apart.
            value = min(1.0, parameters.appeal[name] + company.get(name, 0.0))
            value *= match.beside_mostly if mostly else match.beside if asked else 1.0
        by_category.append(value)
    return np.array(by_category)[features.category]


def _preference(
    features: Features,
    constraints: Constraints,
    parameters: ScoringParameters,
    kind: KindParameters,
    category_match: FloatArray,
) -> FloatArray:
    weights = kind.preference
    sources = [(weights.category, category_match)]
    if constraints.moods:
        known = np.maximum(features.mood, _MOOD_UNKNOWN).mean(axis=1)
        sources.append((weights.mood, known))
    if constraints.query_embedding is not None:
        sources.append((weights.query, features.query_match))
    if constraints.taste is not None:
        sources.append((weights.taste, features.taste_cosine))
    total = sum(weight for weight, _ in sources)
    match = np.ones(len(features.category))
    if total > 0:
        match = np.asarray(sum(weight * value for weight, value in sources)) / total
    worth = _merit(features) ** weights.merit * _substance(features) ** weights.substance
    preference = match * worth * (1.0 - features.avoided_mood)
    if not constraints.chains_wanted:
        preference = np.where(features.chain, parameters.chain * preference, preference)
    return np.asarray(np.maximum(PREFERENCE_LOW, preference))


def _merit(features: Features) -> FloatArray:
    return 0.6 * features.quality + 0.4 * features.popularity


def _substance(features: Features) -> FloatArray:
    return np.asarray(np.minimum(1.0, features.stay_min / _SUBSTANCE_MIN))


def _budget_fit(features: Features, constraints: Constraints) -> FloatArray:
    if not constraints.budget:
        return np.ones(len(features.category))
    return np.asarray(1.0 - 0.5 * np.clip(features.cost_high / constraints.budget, 0.0, 1.0))


def _novelty(features: Features, constraints: Constraints) -> FloatArray:
    unbeaten = 1.0 - features.popularity
    if constraints.taste is not None:
        unbeaten = (unbeaten + 1.0 - features.taste_cosine) / 2
    unbeaten = np.where(features.chain, 0.0, unbeaten)  # known from everywhere else
    good = np.clip((features.quality - _POOR) / (_GOOD - _POOR), 0.0, 1.0)
    return np.asarray(good * unbeaten)


def _weather(
    features: Features, constraints: Constraints, parameters: ScoringParameters
) -> FloatArray:
    indoors, outdoors = parameters.weather[constraints.weather]
    return np.where(features.indoor, indoors, outdoors)


def _weights(constraints: Constraints, kind: KindParameters) -> NodeWeights:
    if "crowded" in constraints.avoid:
        return replace(kind.weights, congestion=kind.weights.congestion * _CROWD_AVERSION)
    return kind.weights


def local_minutes(*, constraints: Constraints, minutes: FloatArray) -> FloatArray:
    """Return minutes from local midnight of the first day."""
    starts = constraints.starts_at
    return starts.hour * 60 + starts.minute + minutes


def _timed(
    features: Features, constraints: Constraints, parameters: ScoringParameters
) -> tuple[FloatArray, FloatArray]:
    """Return time fit and congestion, both (n, t), read at the middle of each bucket."""
    buckets = int(constraints.time_budget_min // BUCKET_MIN) + 1
    middle: FloatArray = (np.arange(buckets, dtype=np.float64) + 0.5) * BUCKET_MIN
    clock = local_minutes(constraints=constraints, minutes=middle)
    curves = np.zeros((len(CATEGORY_NAMES), buckets))
    for row in set(features.category.tolist()):
        curves[row] = parameters.time_fit[CATEGORY_NAMES[row]].at(clock)
        if constraints.eats_first and CATEGORIES[CATEGORY_NAMES[row]].meal:
            curves[row] *= parameters.meal_delay.at(middle)
    day = "weekend" if constraints.starts_at.weekday() >= 5 else "weekday"
    crowd = parameters.crowd[day].at(clock)
    congestion = features.congestion[:, None] * crowd[None, :]
    if features.crowd.shape[1]:
        congestion = congestion * features.crowd[:, (clock // 60).astype(np.int64)]
    return curves[features.category], np.clip(congestion, 0.0, 1.0)


def list_shared_parts(
    *,
    features: Features,
    crow_fly: FloatArray,
    constraints: Constraints,
    parameters: ScoringParameters,
) -> dict[str, FloatArray]:
    """
    Return the parts that are the same for every kind of card.

    Each is (n, t), or (n, 1) where no hour matters. Beside them stands `CATEGORY_MATCH`, of which each
    kind makes its own preference.
    """
    time_fit, congestion = _timed(features, constraints, parameters)
    static = {
        "proximity": np.maximum(_proximity(crow_fly, constraints), _FACTOR_LOW),
        "budget_fit": np.maximum(_budget_fit(features, constraints), _FACTOR_LOW),
        "freshness": features.freshness,
        "weather": _weather(features, constraints, parameters),
        "novelty": _novelty(features, constraints),
        CATEGORY_MATCH: _category_match(features, constraints, parameters),
    }
    parts = {name: values[:, np.newaxis] for name, values in static.items()}
    return parts | {"time_fit": np.maximum(time_fit, _FACTOR_LOW), "congestion": congestion}


def score_nodes(
    *,
    features: Features,
    crow_fly: FloatArray,
    constraints: Constraints,
    parameters: ScoringParameters,
    kind: CardKind,
    shared: Mapping[str, FloatArray] | None = None,
) -> NodeScores:
    """
    Score every candidate at every time for one kind of card.

    `crow_fly` holds metres, (n + 2, n + 2), the origin at n and the end at n + 1. `shared` are the
    parts of `list_shared_parts`, for whoever scores several kinds.
    """
    chosen = parameters.kinds[kind]
    weights = _weights(constraints, chosen)
    parts = dict(
        shared
        or list_shared_parts(
            features=features,
            crow_fly=crow_fly,
            constraints=constraints,
            parameters=parameters,
        )
    )
    match = parts.pop(CATEGORY_MATCH)[:, 0]
    preference = _preference(features, constraints, parameters, chosen, match)
    parts["preference"] = np.maximum(preference, _FACTOR_LOW)[:, np.newaxis]
    by_name = weights.as_mapping()
    score = np.ones((1, 1))
    for name in FACTORS:
        score = score * parts[name] ** by_name[name]
    for name, sign in ADDED.items():
        score = score + sign * by_name[name] * parts[name]
    ordered = {name: parts[name] for name in by_name}
    return NodeScores(score=score, parts=ordered, weights=weights)
