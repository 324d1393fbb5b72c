"""The tags there are, and the words of the shipped lexicons that speak for or against each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from engine.catalogue import read_data
from engine.embedding.features import without_accents
from engine.embedding.lexicon import english_forms, read_lexicon
from engine.query.lexicon import load_lexicon
from engine.query.readings import Word
from engine.tagging.types import TagKind
from engine.text.normalising import Normalised, normalise

DATA: Final = "tags.toml"

_DENIED: Final = 0.6  # "not loud" is less than "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag as people see it; what makes it stands in the data file."""

    name: str
    kind: TagKind
    ko: str
    en: str
    concepts: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one word says of one tag: `said` where it stands, `denied` where it is denied."""

    tag: str
    said: float
    denied: float
    whole: bool = False  # only where a word begins


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words, the longest of which that stands at a place is the one meant there."""

    words: Mapping[str, tuple[Meaning, ...]]  # none: a word in which no tag is looked for
    longest: Mapping[str, int]  # by first character
    particles: frozenset[str]  # what may follow a Korean word of one syllable


def _tag(name: str, row: Mapping[str, Any]) -> Tag:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    whole = bool(row.get("whole"))
    return Tag(
        name=name, kind=TagKind(row["kind"]), ko=row["ko"], en=row["en"], whole=whole, **lists
    )


@cache
def tags() -> Mapping[str, Tag]:
    """Return the tags by name, in the order of the data file."""
    return {name: _tag(name, row) for name, row in read_data(DATA).items() if name != "hides"}


@lru_cache(maxsize=8)  # one text is read for tags, costs and stays, one after the other
def fold(source: str) -> Normalised:
    """Return `source` as the words are written here: plain letters, hyphens inside words as blanks."""
    folded = normalise(source)
    text = without_accents(folded.text).replace("’", "'")
    joined = "".join(
        " " if c == "-" and 0 < at < len(text) - 1 and _joins(text[at - 1], text[at + 1]) else c
        for at, c in enumerate(text)
    )
    return Normalised(source, joined, folded.starts, folded.ends)


def _joins(before: str, after: str) -> bool:
    return before.isalnum() and after.isascii() and after.isalpha()


@cache
def vocabulary() -> Vocabulary:
    """
    Return the words of both lexicons with what they say of the tags.

    Read once for each process, which takes about a second.
    """
    words = _listed()
    for tag in tags().values():
        for form in (form for written in tag.unfit for form in english_forms(written)):
            words.get(fold(form).text, {}).pop(tag.name, None)
        for written in tag.words:
            said = Meaning(tag.name, 1.0, -1.0)
            words.setdefault(fold(written).text, {})[tag.name] = said
    words |= {fold(written).text: {} for written in read_data(DATA)["hides"]}
    words.pop("", None)
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return Vocabulary(
        words={word: tuple(found.values()) for word, found in words.items()},
        longest=longest,
        particles=read_lexicon().particles | load_lexicon().tails,
    )


def _listed() -> dict[str, dict[str, Meaning]]:
    """Return what the words of both lexicons say, by tag."""
    words: dict[str, dict[str, Meaning]] = {}
    for written, meanings in _all_words():
        found = words.setdefault(fold(written).text, {})
        for meaning in meanings:
            # A word that stands under two headings of a tag says the stronger.
            if meaning.tag not in found or abs(found[meaning.tag].said) < abs(meaning.said):
                found[meaning.tag] = meaning
    return words


def _all_words() -> Iterator[tuple[str, tuple[Meaning, ...]]]:
    concepts = read_lexicon()
    by_concept, by_section = _meanings()
    names = list(concepts.concepts)
    for table in (concepts.korean, concepts.english):
        for word, row in table.items():
            yield word, tuple(by_concept.get(names[row], ()))
    yield from ((word, ()) for word in concepts.hides)
    for word, readings in load_lexicon().words.items():
        sections = [f"{r.section}/{r.value}" for r in readings if isinstance(r, Word)]
        meanings = tuple(m for section in sections for m in by_section.get(section, ()))
        if meanings:  # what only a request says hides nothing in a description
            yield word, meanings


def _meanings() -> tuple[dict[str, list[Meaning]], dict[str, list[Meaning]]]:
    """Return what the words of each concept and of each section say."""
    by_concept: dict[str, list[Meaning]] = {}
    by_section: dict[str, list[Meaning]] = {}
    for tag in tags().values():
        said = Meaning(tag.name, 1.0, -1.0, tag.whole)
        _add(by_concept, tag.concepts, said)
        _add(by_section, tag.asked, said)
        against = [concept for concept in tag.opposed if concept not in tag.denied]
        _add(by_concept, against, Meaning(tag.name, -1.0, 0.0, tag.whole))
        _add(by_concept, tag.denied, Meaning(tag.name, -1.0, _DENIED, tag.whole))
    return by_concept, by_section


def _add(found: dict[str, list[Meaning]], keys: Iterable[str], meaning: Meaning) -> None:
    for key in keys:
        found.setdefault(key, []).append(meaning)
