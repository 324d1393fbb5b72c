"""The bilingual lexicon: which stretches of a text name which concept, and which deny it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.catalogue import read_data

_LISTS = ("hides", "particles", "stop_words", "deniers")

_HANGUL = re.compile(r"[가-힣]+")
_ENGLISH = re.compile(r"[a-z0-9][a-z0-9'-]*")
_DENIED_AFTER = re.compile(
    r"^\s?(?:지 ?않|지 ?못|하지 ?않|[은는이가]? ?없|[은는이가]? ?말고|[은는이가]? ?빼고|[은는이가]? ?아닌)"
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning with its words and its relations to others."""

    ko: tuple[str, ...]
    en: tuple[str, ...]
    near: tuple[str, ...] = ()
    opposite: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A concept found in a text, by its row, and the word that named it."""

    concept: int
    is_negated: bool
    word: str


def english_forms(word: str) -> tuple[str, ...]:
    return (word, f"{word}s", f"{word}es", f"{word}ly")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The concepts in file order, and the words that find them."""

    concepts: Mapping[str, Concept]
    korean: Mapping[str, int]
    english: Mapping[str, int]
    korean_sizes: Mapping[
        str, tuple[int, ...]
    ]  # of words by their first two letters, longest first
    korean_begins: re.Pattern[str]  # any first syllable
    english_longest: Mapping[str, int]  # words in a phrase, by the first of them
    hides: frozenset[str]  # Korean words in which no other is looked for
    particles: frozenset[str]
    stop_words: frozenset[str]
    deniers: frozenset[str]

    def match(self, text: str) -> tuple[list[Match], list[str]]:
        """Return the concepts named in `text`, lower-case without accents, and the other words."""
        matches: list[Match] = []
        rest = self._match_korean(text, matches) if _HANGUL.search(text) else text
        return matches, self._match_english(rest, matches)

    def _match_korean(self, text: str, matches: list[Match]) -> str:
        kept: list[str] = []
        at = start = 0
        while begin := self.korean_begins.search(text, at):
            at = begin.start()
            size = self._korean_size(text, at)
            if not size:
                at += 1
                continue
            end = at + size
            if text[at:end] in self.hides:
                at = end
                continue
            denied = _DENIED_AFTER.match(text[end : end + 6]) is not None
            matches.append(Match(self.korean[text[at:end]], denied, text[at:end]))
            kept.append(text[start:at])
            at = start = end
        kept.append(text[start:])
        return " ".join(word for word in " ".join(kept).split() if word not in self.particles)

    def _korean_size(self, text: str, at: int) -> int:
        """Return the length of the longest word that starts at `at`; 0 for none."""
        for size in self.korean_sizes.get(text[at : at + 2], ()):
            if (word := text[at : at + size]) in self.korean or word in self.hides:
                return len(word)  # the end of the text may have cut it
        is_word = (at == 0 or not _HANGUL.match(text[at - 1])) and text[at] in self.korean
        tail = _HANGUL.match(text, at + 1)
        return int(is_word and (tail is None or tail.group() in self.particles))

    def _match_english(self, text: str, matches: list[Match]) -> list[str]:
        words = _ENGLISH.findall(text)
        kept = [piece for piece in _HANGUL.findall(text) if len(piece) > 1]
        at = 0
        while at < len(words):
            size = self._english_size(words, at)
            if size:
                denied = not self.deniers.isdisjoint(words[max(0, at - 2) : at])
                phrase = " ".join(words[at : at + size])
                matches.append(Match(self.english[phrase], denied, phrase))
            elif words[at] not in self.stop_words and words[at] not in self.deniers:
                kept.append(words[at])
            at += max(1, size)
        return kept

    def _english_size(self, words: list[str], at: int) -> int:
        longest = self.english_longest.get(words[at], 0)
        for size in range(min(longest, len(words) - at), 0, -1):
            if " ".join(words[at : at + size]) in self.english:
                return size
        return 0


def _concept(row: Mapping[str, Any]) -> Concept:
    return Concept(
        ko=tuple(row["ko"]),
        en=tuple(row["en"]),
        near=tuple(row.get("near", ())),
        opposite=row.get("opposite"),
    )


def read_lexicon() -> Lexicon:
    """Return the shipped lexicon; a word that two concepts claim belongs to the later one."""
    data = read_data("concepts.toml")
    words = {name: frozenset(data.pop(name)) for name in _LISTS}
    concepts = {name: _concept(row) for name, row in data.items()}
    korean: dict[str, int] = {}
    english: dict[str, int] = {}
    for row, concept in enumerate(concepts.values()):
        korean.update(dict.fromkeys(concept.ko, row))
        for word in concept.en:
            for form in english_forms(word):
                if form == word or form not in english:
                    english[form] = row
    korean_sizes: dict[str, set[int]] = {}
    for word in (*korean, *words["hides"]):
        if len(word) > 1:
            korean_sizes.setdefault(word[:2], set()).add(len(word))
    korean_begins = "".join(dict.fromkeys(word[0] for word in (*korean, *words["hides"])))
    english_longest: dict[str, int] = {}
    for first, *others in map(str.split, english):
        english_longest[first] = max(1 + len(others), english_longest.get(first, 0))
    return Lexicon(
        concepts=concepts,
        korean=korean,
        english=english,
        korean_sizes={
            begin: tuple(sorted(sizes, reverse=True)) for begin, sizes in korean_sizes.items()
        },
        korean_begins=re.compile(f"[{re.escape(korean_begins)}]"),
        english_longest=english_longest,
        **words,
    )
