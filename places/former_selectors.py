"""Reads of what places became: an id that was given out leads to its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from places.models import FormerPlace


def resolve_ids(*, public_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Return those of the ids whose places became others, with the ids of these. One query, if any."""
    asked = set(public_ids)
    if not asked:
        return {}
    rows = FormerPlace.objects.filter(place__public_id__in=asked, place__is_active=False)
    return dict(rows.values_list("place__public_id", "became__public_id"))


def list_kin(*, place_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """
    Return for each place the places that are one with it now, itself among them, in their order.

    What was said and done at any of them is of the one that they became: whoever keeps something of
    people by the id of a place reads it by these. One query.
    """
    became: dict[int, int] = {}
    members: dict[int, set[int]] = defaultdict(set)
    of_these = Q(place_id__in=place_ids) | Q(became_id__in=place_ids)
    of_theirs = Q(became__formers__place_id__in=place_ids)
    rows = FormerPlace.objects.filter(of_these | of_theirs).values_list("place_id", "became_id")
    for former, now in rows:
        became[former] = now
        members[now] |= {former, now}
    return {
        place_id: sorted(members.get(became.get(place_id, place_id), {place_id}))
        for place_id in place_ids
    }
