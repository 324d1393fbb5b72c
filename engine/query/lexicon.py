"""The words the parser knows, read from `engine/data/lexicon`, as one prefix tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from engine.catalogue import read_data
from engine.query.folding import fold, is_hangul, is_stem
from engine.query.readings import Item, Reading, Word

LANGUAGES: Final = ("ko", "en")

# Sections whose English entries also have a plural.
_COUNTABLE = frozenset({"categories", "food", "companions", "crowded", "placeholders", "dayparts"})
_NEVER_SEVERAL = frozenset({"couple"})  # girlfriends are friends
_PLACES = frozenset({"categories", "dishes", "food"})
_QUALITIES = frozenset({"moods", "indoor", "modes", "needs"})
_END = ""


class Lexicon:
    """Finds every entry that starts at a position of a text."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self.tails: frozenset[str] = frozenset()
        self.name_tails: frozenset[str] = frozenset()
        self.words: dict[str, tuple[Reading, ...]] = {}
        self.place_kinds: tuple[str, ...] = ()

    def add(self, *, text: str, reading: Reading) -> None:
        """Make `text` mean `reading`, besides what it means already."""
        written = fold(text).text
        loose = written.replace(" ", "") if is_korean(written) else written.replace("'", "")
        for form in {written, loose}:
            node = self._root
            for character in form:
                node = node.setdefault(character, {})
            readings = dict.fromkeys((*self.words.get(form, ()), reading))
            node[_END] = self.words[form] = tuple(readings)

    def entries_of(self, section: str) -> tuple[str, ...]:
        """Return the entries listed under `section`, the longest first."""
        found = [
            text
            for text, readings in self.words.items()
            if any(isinstance(r, Word) and r.section == section for r in readings)
        ]
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

    def items_at(self, *, text: str, start: int) -> Iterator[Item]:
        """Yield the entries that begin at `start` and end where a word may end."""
        node: dict[str, Any] | None = self._root
        at = start
        while at < len(text):
            node = node.get(text[at]) if node is not None else None
            if node is None:
                return
            at += 1
            while text[at - 1] == " " and at < len(text) and text[at] == " ":
                at += 1
            if _END in node and ends_well(text, at):
                yield Item(start, at, node[_END])


def is_korean(text: str) -> bool:
    """Tell whether `text` has a Hangul syllable."""
    return any(is_hangul(character) for character in text)


def ends_well(text: str, end: int) -> bool:
    """Tell whether a word may end at `end`: not inside Latin letters or digits."""
    if end >= len(text):
        return True
    return not (is_stem(text[end - 1]) and is_stem(text[end]))


@cache
def load_lexicon() -> Lexicon:
    """
    Return the lexicon of every language in one tree: people mix languages.

    It is read once for each process, which takes most of a second; whoever gets it adds nothing to it.
    """
    lexicon = Lexicon()
    tails: set[str] = set()
    name_tails: set[str] = set()
    for language in LANGUAGES:
        document = read_data(f"lexicon/{language}.toml")
        tails |= set(document.pop("tails"))
        name_tails |= set(document.pop("name_tails"))
        entries = list(_entries(document))
        countable = {
            text
            for section, value, text in entries
            if section in _COUNTABLE and value not in _NEVER_SEVERAL
        }
        entries += _inherited(entries)
        for section, value, text in entries:
            for form in _forms(text) if text in countable else (text,):
                lexicon.add(text=form, reading=Word(section, value))
    lexicon.tails = frozenset(tails | name_tails)
    lexicon.name_tails = frozenset(name_tails)
    lexicon.place_kinds = lexicon.entries_of("place_kinds")
    return lexicon


def _entries(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for section, content in document.items():
        rows = content.items() if isinstance(content, dict) else [("", content)]
        for value, texts in rows:
            for text in texts:
                yield section, value, text
                if section == "dishes":
                    yield "categories", "restaurant", text


def _inherited(entries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """
    Return what a place named in several words means by its other words: 한옥 카페 is traditional.

    A longer entry hides the shorter ones inside it, and nobody can list all of their meanings.
    """
    qualities: dict[str, list[tuple[str, str]]] = {}
    for section, value, text in entries:
        if section in _QUALITIES:
            qualities.setdefault(text, []).append((section, value))
    return [
        (section, value, text)
        for place, _, text in entries
        if place in _PLACES and " " in text
        for part in text.split(" ")
        if len(part) > 1
        for section, value in qualities.get(part, ())
    ]


def _forms(text: str) -> Iterable[str]:
    if not is_stem(text[-1]) or text.endswith("s"):
        return (text,)
    if text.endswith(("ch", "sh", "x")):
        return (text, text + "es")
    if text.endswith("y") and text[-2] not in "aeiou":
        return (text, text[:-1] + "ies")
    return (text, text + "s")
