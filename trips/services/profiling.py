"""What a traveller's account adds to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.types import Mode
from trips.types import Profile
from users.services.tasting import StatedTaste, Tasting

if TYPE_CHECKING:
    from users.models import User


def profile_of(user: User | None) -> Profile:
    """Return the profile of a signed-in user, and an empty one for nobody."""
    if user is None:
        return Profile()
    return Profile(
        traveller_id=user.pk,
        public_id=user.public_id,
        time_budget_min=user.time_budget_min,
        budget_band=user.budget_band or None,
        mode=Mode(user.mobility_mode) if user.mobility_mode else None,
        taste=Tasting().find_vector(user),
        liked=StatedTaste.of(user).list_liked(),
        taste_version=user.taste_version,
    )
