"""
Whom to believe first, fact by fact. A source not named comes after those that are, the newest first.

Every source of the registry that makes places has its place in each order; what is read by a mapping
of an operator's own has none. Of one rank there is none: the orders are whole.
"""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    # Registers of whoever runs or protects the place.
    "seoul-heritage", "museums-standard", "seoul-libraries", "markets-standard", "seoul-parks",
    "seoul-parks-detail", "city-parks-standard", "culture-venues", "seoul-culture",
    "tourist-sites", "good-price",
    # Mappers write what stands over the door, often in both languages.
    "osm",
    # Editors of tourism offices: right, but with by-names and marks of quality.
    "night-views", "tourapi", "visit-seoul",
    # Catalogues: first what owners keep themselves, last what users typed or was put together.
    "naver-local", "foursquare-api", "overture-places", "foursquare-open",
    # Titles, each for its days or way.
    "performances-standard", "festivals-standard", "culture-events", "seoul-walks",
)  # fmt: skip
POINTS: Final = (
    # Pins set where visitors arrive.
    "night-views", "tourist-sites", "culture-venues", "seoul-culture", "museums-standard",
    "seoul-libraries", "good-price", "markets-standard",
    # Drawn over aerial pictures: exact for a house; the middle, for a park.
    "osm", "seoul-parks", "seoul-parks-detail", "city-parks-standard",
    # Reckoned from addresses, and pins of editors in an office.
    "naver-local", "tourapi", "visit-seoul",
    # Where telephones were; and put together of such.
    "foursquare-api", "overture-places", "foursquare-open",
    # The house of an event; the seat of a keeper (49 sites lie on City Hall); the first bend of a way.
    "performances-standard", "festivals-standard", "culture-events", "seoul-heritage",
    "seoul-walks",
)  # fmt: skip
HOURS: Final = (
    # Registers state them by kind of day, offices ask the house, mappers read the door: some years ago.
    "museums-standard", "seoul-libraries", "night-views", "culture-venues", "good-price",
    "visit-seoul", "osm",
    "performances-standard", "festivals-standard", "culture-events",
)  # fmt: skip
KINDS: Final = (
    # What is in a register of parks is a park.
    "seoul-parks", "seoul-heritage", "museums-standard", "markets-standard", "culture-venues",
    "seoul-culture", "seoul-parks-detail", "city-parks-standard", "seoul-libraries", "good-price",
    "osm", "tourist-sites",
    # Fine classes, from editors, then from whoever entered the place.
    "tourapi", "visit-seoul", "night-views", "foursquare-api", "naver-local", "overture-places",
    "foursquare-open",
    "performances-standard", "festivals-standard", "culture-events", "seoul-walks",
)  # fmt: skip
