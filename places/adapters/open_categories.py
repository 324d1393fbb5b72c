"""What the classes of worldwide catalogues are among ours: Overture's, Foursquare's, and their like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Said first: what sounds like a stop and is none.
NOT_STOPS: Final = re.compile(
    r"\b(?:school|college|university|hospital|clinic|dentist|office|bank|atm|parking|station|airport|hotel|hostel|motel"
    r"|apartment|residential|real estate|repair|dealer|dealership|service|services|supplier|wholesale|wholesaler|manufacturer|rental"
    r"|supermarket|grocery|convenience|pharmacy|drugstore|department store|salon|barber|spa|gym|fitness|church|court house"
    r"|catering|caterer|food truck|cloud kitchen|cafeteria|pet store|furniture|hardware|mobile phone|electronics|car wash"
    r"|wedding|funeral|daycare|kindergarten|company|agency|laundry|cemetery|rv park|business park|car park|trailer park|meat market|stock market)\b"
)
KINDS: Final = (
    ("cafe", r"\b(?:cafe|café|coffee shop|coffee roaster|coffee and tea|tea house|tea room|tearoom|coffee)\b"),
    ("dessert", (r"\b(?:dessert|bakery|ice cream|gelato|frozen yogurt|donut|doughnut|pastry|patisserie|cupcake|cake shop|chocolatier|chocolate"
     r"|candy|creperie|waffle|pie shop|confectionery|bubble tea)\b")),
    ("club", r"\b(?:night ?club|dance club|karaoke)\b"),
    ("bar", r"\b(?:bar|pub|brewery|brewpub|beer garden|beer bar|wine bar|cocktail|speakeasy|lounge|gastropub|izakaya|sake bar|taproom)\b"),
    ("restaurant", (r"\b(?:restaurant|diner|bistro|brasserie|steakhouse|pizzeria|pizza|noodle|ramen|sushi|burger|bbq joint|barbecue|fast food|food court|food hall"
     r"|sandwich|soup|gukbap|bunsik|samgyetang|dumpling|taco|buffet|eatery|fried chicken|trattoria|joint)\b")),
    ("bookstore", r"\b(?:book ?store|bookshop|book shop|comic book|comics? store)\b"),
    ("library", r"\b(?:public library|library)\b"),
    ("gallery", r"\b(?:art gallery|gallery|art museum|exhibition hall|arts? cent(?:er|re)|exhibit)\b"),
    ("museum", r"\b(?:museum|planetarium|science cent(?:er|re))\b"),
    ("theatre", r"\b(?:theat(?:er|re)|cinema|movie theat(?:er|re)|concert hall|opera house|performing arts venue|music venue|jazz club|auditorium)\b"),
    ("viewpoint", r"\b(?:scenic lookout|lookout|observation deck|scenic point|observatory|viewpoint|scenic view|fountain|bridge)\b"),
    ("heritage", (r"\b(?:palace|castle|monument|historic|historical|landmark|heritage|temple|shrine|memorial|fort|ruins?|tomb|city gate|archaeological"
     r"|buddhist|confucian)\b")),
    ("park", r"\b(?:park|garden|botanical|plaza|beach|forest|waterfront|trail|river|lake|nature preserve|arboretum|national park)\b"),
    ("market", r"\b(?:market|night market|flea market|farmers market|street market|bazaar|marketplace)\b"),
    ("activity", (r"\b(?:zoo|aquarium|theme park|amusement|arcade|bowling|escape (?:game|room)s?|board game|go kart|ice skating|skating rink|water park|climbing"
     r"|billiards?|pool hall|laser tag|mini golf|craft workshop|attraction)\b")),
    ("shop", (r"\b(?:gift|souvenir|craft|vintage|antique|record shop|music store|record store|stationery|toy|hobby|thrift|design store|perfume|flower shop|florist"
     r"|concept store|boutique)\b")),
)  # fmt: skip
_COMPILED: Final = tuple((category, re.compile(pattern)) for category, pattern in KINDS)
# A museum stands in "history museum", a park in "theme park": the more telling word wins.
FIRST: Final = (
    (re.compile(r"\b(?:theme|amusement|water|skate) park\b"), "activity"),
    (re.compile(r"\bart museum\b|\bmodern art\b"), "gallery"),
    (re.compile(r"\bmuseum\b"), "museum"),
    (re.compile(r"\bcafe restaurant\b"), "restaurant"),
    (re.compile(r"\b(?:juice|salad|sushi|oyster) bar\b"), "restaurant"),
    (re.compile(r"\bdessert (?:shop|cafe)\b|\bbakery\b"), "dessert"),
    (re.compile(r"\bcinema\b|\bmovie theat(?:er|re)\b"), "theatre"),
    (re.compile(r"\bnight market\b|\bfood market\b"), "market"),
)


@lru_cache(maxsize=16_384)
def category_of(said: str) -> str:
    """Return our category of a class such as "coffee_shop" or "Art Gallery"; "" for no stop."""
    words = " ".join(re.sub(r"[_\-/,&]+", " ", said.lower()).split())
    for pattern, category in FIRST:
        if pattern.search(words):
            return category
    if NOT_STOPS.search(words):
        return ""
    return next((category for category, pattern in _COMPILED if pattern.search(words)), "")
