"""Recognises the chain that a name says a place belongs to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from places.adapters.cleaning import HANGUL, MEMORY
from places.services.merging import ASIDE, name_key

DATA: Final = Path(__file__).resolve().parent.parent / "data"
# What may follow the name of a chain on its sign.
BRANCH: Final = re.compile(
    r"(?:[\w가-힣]{0,14}(?:점|지점|역|단지|타워|빌딩|거리|대학교|dt|r|drive\s*thru|branch|store|station)"
    r"|커피|치킨|피자|본점|직영점|\d+)?$"
)
BRANCH_SIGN: Final = re.compile(r"^(.{2,20}?)\s+\S{1,12}점$")
# What it may say of itself there: "Paris Baguette Cafe", but "BBQ Cafe" is no chain's.
KIND_WORD: Final = re.compile(r"카페|리저브|cafe|caffe|coffee|reserve|korea", re.IGNORECASE)
# What may stand before it: "오류동 스타벅스".
PLACE_BEFORE: Final = re.compile(r"[가-힣]{1,5}(?:동|역|구|점|대)")
PLACE_WORD: Final = re.compile(r"[가-힣]{2,3}")
BRANCHES_LOW: Final = 3
OWN_NAME_LENGTH: Final = 3
# From here on a sign with one slip is the chain's: letters of a Latin name, sounds of a Korean one.
ACCENTS: Final = re.compile("[\u0300-\u036f]")
FIRST_SOUND: Final = re.compile("[\u1100-\u1112]")
SLIP_LATIN_LENGTH: Final = 8
SLIP_HANGUL_LENGTH: Final = 9
END_LENGTH: Final = 3  # sounds; shorter than half of what may have a slip


@cache
def _spellings() -> Mapping[str, Sequence[str]]:
    """Return chain → its spellings, the first Latin one as it writes itself."""
    groups = tomllib.loads((DATA / "chains.toml").read_text("utf-8"))
    return {chain: said for group in groups.values() for chain, said in group.items()}


@cache
def _chains() -> Mapping[str, str]:
    """Return spelling, as folded → chain."""
    return {fold(said): chain for chain, spellings in _spellings().items() for said in spellings}


@cache
def _chains_but_a_letter() -> Mapping[str, Sequence[tuple[int, str, str]]]:
    """
    Return the spellings long enough for a slip (their order, sounds and chain) by all that is left
    of them where one letter is missing, or none: two that are one slip apart share such a rest.
    """
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for at, (key, chain) in enumerate(_chains().items()):
        if _may_slip(key):
            sounds = _sounds(key)
            for rest in _but_a_letter(sounds):
                found[rest].append((at, sounds, chain))
    return found


@cache
def _ends_of_chains() -> tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]:
    """
    Return how the spellings that are long enough for a slip begin, and how they end.

    Each with the lengths (sounds) that a sign of it has: a slip makes it one longer or shorter.
    """
    long = [
        (sounds, len(sounds) + more)
        for key in _chains()
        if _may_slip(key)
        for sounds in (_sounds(key),)
        for more in (-1, 0, 1)
    ]
    return (
        frozenset((sounds[:END_LENGTH], length) for sounds, length in long),
        frozenset((sounds[-END_LENGTH:], length) for sounds, length in long),
    )


def _but_a_letter(sounds: str) -> set[str]:
    return {sounds, *(sounds[:at] + sounds[at + 1 :] for at in range(len(sounds)))}


@cache
def _order() -> Mapping[str, int]:
    """Return spelling, as folded → its place in the file, of those that may start a joined name."""
    return {key: at for at, key in enumerate(_chains()) if len(key) >= OWN_NAME_LENGTH}


@lru_cache(maxsize=MEMORY)
def fold(name: str) -> str:
    """Return a name as chains are compared: the key of it, without accents."""
    return name_key(ACCENTS.sub("", unicodedata.normalize("NFD", name)))


def latin_name(chain: str) -> str:
    """Return how a chain writes itself in Latin letters; "" where it does not."""
    spellings = _spellings().get(chain, ())
    return next((said for said in spellings if not HANGUL.search(said)), "")


def is_bare(name: str, *, chain: str) -> bool:
    """Tell whether the name is the chain's and nothing else."""
    return _find(fold(ASIDE.sub("", name))) == chain != ""


def branched_names(names: Sequence[str]) -> frozenset[str]:
    """Return the names (as compared) that stand before a branch on BRANCHES_LOW signs or more."""
    stems = Counter(
        name_key(found[1]) for name in names if (found := BRANCH_SIGN.match(name.strip()))
    )
    return frozenset(stem for stem, count in stems.items() if count >= BRANCHES_LOW)


def find_chain(names: Sequence[str], *, branched: frozenset[str] = frozenset()) -> str:
    """Return the chain that one of the names is a sign of; "" for none."""
    return next((chain for name in names if name and (chain := _chain_of(name, branched))), "")


def _chain_of(name: str, branched: frozenset[str]) -> str:
    bare = ASIDE.sub("", name).strip()
    words = bare.split()
    for first, rest in _cuts(words):
        key = fold(" ".join(first))
        chain = _find(key)
        if chain and all(_is_branch(word, key) for word in rest):
            return chain
    if len(words) > 1 and PLACE_BEFORE.fullmatch(words[0]):
        key = fold(" ".join(words[1:]))
        if len(key) > OWN_NAME_LENGTH and _find(key):
            return _find(key)
    found = BRANCH_SIGN.match(bare)
    stem = found[1].strip() if found else ""
    return _joined(fold(bare)) or (stem if name_key(stem) in branched else "")


def split_sign(name: str) -> tuple[str, str]:
    """Return the chain that a sign begins with, and what stands behind; "" and all for none."""
    words = name.split()
    for first, rest in _cuts(words):
        if chain := _find(fold(" ".join(first))):
            return chain, " ".join(rest)
    key = fold(name)
    said = [one for one in _chains() if len(one) > OWN_NAME_LENGTH and key.startswith(one)]
    if not said or not _joined(key):
        return "", name
    longest = max(said, key=len)
    return _chains()[longest], key.removeprefix(longest)


def _cuts(words: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield whole words from the left and the rest: "스타벅스 종로점", "던킨 도너츠", "BBQ 홍대점"."""
    yield from ((words[:count], words[count:]) for count in range(len(words), 0, -1))


@lru_cache(maxsize=MEMORY)
def _find(key: str) -> str:
    exact = _chains().get(key, "")
    if exact or not _may_slip(key):
        return exact
    sounds, chains = _sounds(key), _chains_but_a_letter()
    begins, ends = _ends_of_chains()
    begin, end = (sounds[:END_LENGTH], len(sounds)), (sounds[-END_LENGTH:], len(sounds))
    # One slip leaves the beginning or the end as it is.
    if begin not in begins and end not in ends:
        return ""
    near = {one for rest in _but_a_letter(sounds) for one in chains.get(rest, ())}
    return next((chain for _, said, chain in sorted(near) if _is_one_slip(sounds, said)), "")


def _sounds(key: str) -> str:
    """Return the letters of a key, Korean syllables taken apart."""
    return unicodedata.normalize("NFD", key)


def _may_slip(key: str) -> bool:
    low = SLIP_HANGUL_LENGTH if HANGUL.search(key) else SLIP_LATIN_LENGTH
    return len(_sounds(key)) >= low


def _is_one_slip(a: str, b: str) -> bool:
    """
    Tell whether one letter was left out, put in, changed, or swapped with the next.

    The first sound of a Korean syllable never slips: 컴포트 is not 컴포즈.
    """
    if abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if FIRST_SOUND.search(short[at : at + 1] + long[at : at + 1]):
        return False
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = long[:at] + long[at : at + 2][::-1] + long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or short == swapped


def _is_branch(word: str, key: str) -> bool:
    """Tell whether the word may be a branch: "종로점", and "삼청" after a name that is no word."""
    if BRANCH.fullmatch(word.casefold()):
        return True
    if len(key) > OWN_NAME_LENGTH and KIND_WORD.fullmatch(word):
        return True
    return len(key) >= OWN_NAME_LENGTH and bool(PLACE_WORD.fullmatch(word))


def _joined(key: str) -> str:
    """Find a chain at the start of a name written without spaces: "스타벅스종로점"."""
    if not key.endswith("점"):
        return ""
    starts = (key[:end] for end in range(OWN_NAME_LENGTH, len(key)))
    spellings = [start for start in starts if start in _order()]
    return _chains()[min(spellings, key=_order().__getitem__)] if spellings else ""
