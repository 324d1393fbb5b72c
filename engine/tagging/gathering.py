"""What a document's words say of each tag, gathered: where, how often, and against what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from engine.tagging.finding import Mention, evidence_of, mentions_of
from engine.tagging.types import Document, TagKind
from engine.tagging.vocabulary import Vocabulary, tags

# Of each document; what follows is not read. Longer than any description, and read in a second.
READ_CHARACTERS: Final = 20_000


@dataclass(slots=True)
class Signal:
    """What speaks for one tag, and what against it; each a sum of what its mentions say."""

    named: float = 0.0
    called: float = (
        0.0  # of `named`: the name ends with it, as Korean and English names of a kind do
    )
    described: float = 0.0
    closing: float = 0.0  # of `described`: said at the end of a clause
    remarked: float = 0.0
    against: float = 0.0
    evidence: str = ""
    best: float = 0.0

    @property
    def speaks_for(self) -> float:
        return self.named + self.described + self.remarked


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a document, and which of the sums its mentions go to."""

    text: str
    role: str


@dataclass(slots=True)
class Gathered:
    """The signals by tag, and what was read."""

    signals: dict[str, Signal] = field(default_factory=dict)
    parts: list[tuple[Part, tuple[Mention, ...]]] = field(default_factory=list)


def parts_of(document: Document) -> Iterator[Part]:
    """Yield the texts of `document` that are read, names first."""
    left = READ_CHARACTERS
    texts = [
        *(Part(name, "named") for name in dict.fromkeys(document.names)),
        Part(document.description, "described"),
        *(Part(remark, "remarked") for remark in document.remarks),
    ]
    for part in texts:
        if left <= 0:
            return
        text = part.text[:left]
        left -= len(text)
        if text:
            yield Part(text, part.role)


_BEFORE_THE_HEAD: Final = 0.4
_STRENGTH: Final = {"named": 3.0, "described": 2.0, "remarked": 1.0}


def gather(document: Document, *, vocabulary: Vocabulary) -> Gathered:
    """Return what the words of `document` say of each tag that they name."""
    gathered = Gathered()
    for part in parts_of(document):
        mentions = mentions_of(part.text, vocabulary=vocabulary)
        gathered.parts.append((part, mentions))
        for mention in _headed(mentions) if part.role == "named" else mentions:
            _count(gathered.signals.setdefault(mention.tag, Signal()), part, mention)
    return gathered


def _headed(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Return the mentions of a name, whose last word says of which kind the place is: 김치박물관."""
    heads = {mention.tag for mention in mentions if mention.closes and _is_kind(mention)}
    if not heads:
        return mentions
    return [
        replace(mention, said=mention.said * _BEFORE_THE_HEAD)
        if _is_kind(mention) and mention.tag not in heads
        else mention
        for mention in mentions
    ]


def _is_kind(mention: Mention) -> bool:
    return tags()[mention.tag].kind is TagKind.CATEGORY


def _count(signal: Signal, part: Part, mention: Mention) -> None:
    if mention.is_beside and _is_kind(mention):
        return
    if mention.said < 0:
        signal.against -= mention.said
        return
    setattr(signal, part.role, getattr(signal, part.role) + mention.said)
    if mention.closes and part.role == "named":
        signal.called += mention.said
    elif mention.closes and part.role == "described":
        signal.closing += mention.said
    strength = _STRENGTH[part.role] * mention.said
    if strength > signal.best:
        signal.best, signal.evidence = strength, evidence_of(part.text, mention)
