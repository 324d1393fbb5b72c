"""What OpenStreetMap's tags say of whether a place is there for visitors, and of what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.catalogue import minor_units
from places.adapters import prices
from places.adapters.cleaning import text

# In the way that it is tagged on what stands still: disused=yes, construction=minor.
LIFE_CYCLE: Final = (
    "disused", "abandoned", "demolished", "removed", "razed", "destroyed", "closed", "construction",
    "proposed", "planned", "vacant",
)  # fmt: skip
YES: Final = ("yes", "minor", "major", "1", "true")
DAY: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
SHUT: Final = re.compile(r'\s*(?:24/7\s+)?(?:closed|off)\s*(?:"[^"]*")?\s*', re.I)
PRIVATE: Final = ("private", "no")
ENTERED: Final = (
    "museum",
    "gallery",
    "viewpoint",
    "heritage",
    "park",
    "library",
    "theatre",
    "activity",
)
# Money as the wiki wants it: "250 CZK", a day's price behind a slash left out.
CROWNS: Final = re.compile(r"(\d{1,5})(?:[.,]00?)?\s*(?:CZK|Kč)\b", re.I)


def reason_to_refuse(tags: Mapping[str, Any], *, as_of: str) -> str:
    """Return why nobody is let in, so far as is known on the day `as_of`; "" where somebody is."""
    if tags.get("access") in PRIVATE:
        return "not for the public"
    opens = text(tags.get("opening_date"))
    return "not open yet" if _is_behind(opens, as_of) else ""


def is_closed(tags: Mapping[str, Any], *, as_of: str) -> bool:
    """Tell whether it is out of use; what is historic ended long ago and is still there."""
    if any(str(tags.get(key)).lower() in YES for key in LIFE_CYCLE):
        return True
    if SHUT.fullmatch(text(tags.get("opening_hours"))):
        return True
    ended = text(tags.get("end_date"))
    has_ended = bool(DAY.fullmatch(ended)) and not _is_behind(ended, as_of)
    return has_ended and "historic" not in tags


def cost(tags: Mapping[str, Any], *, category: str) -> tuple[int, int] | None:
    """Return what an adult pays to get in, in the place's currency; None where the tags do not say."""
    if category not in ENTERED:  # of a café they speak of its door, or its toilet
        return None
    fee = text(tags.get("fee")).lower()
    if fee == "no":
        return 0, 0
    charge = text(tags.get("charge"))
    if crowns := CROWNS.search(charge):
        amount = minor_units(amount=int(crowns[1]), currency="CZK")
        return amount, amount
    said = next((one for one in prices.amounts(charge) if one.is_said), None)
    return prices.fee(charge) if said else None


def _is_behind(day: str, as_of: str) -> bool:
    """Tell whether a day, month or year lies behind `as_of`; what is none lies nowhere."""
    return bool(as_of and DAY.fullmatch(day)) and day > as_of[: len(day)]
