"""What a text speaks of, by the words of the shipped lexicon, whichever encoder is in use."""

from __future__ import annotations

from engine.embedding.encoding import default_encoder
from engine.embedding.features import features_of, without_accents


def concepts_in(text: str) -> frozenset[str]:
    """Return the concepts that a text names and does not deny: "조용한 카페" is quiet and cafe."""
    lexicon = default_encoder().lexicon
    names = list(lexicon.concepts)
    signs = features_of(text, lexicon=lexicon).concepts
    return frozenset(names[concept] for concept, sign in signs.items() if sign > 0)


def says_more_than_concepts(text: str) -> bool:
    """Tell whether words are left beside the concepts: in "박물관 태황", not in "조용한 카페"."""
    _, rest = default_encoder().lexicon.match(without_accents(text.lower()))
    return bool(rest)
