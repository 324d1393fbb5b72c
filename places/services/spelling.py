"""Spells Korean place names for readers of English: known words are told, the rest is romanised."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from engine.text.romanising import romanise
from places.services.merging import ASIDE, FOOD

DATA: Final = Path(__file__).resolve().parent.parent / "data"
RUN: Final = re.compile(r"[가-힣]+|[^가-힣]+")
BRANCH_WORD: Final = re.compile(r"[가-힣]{2,}점")
STATION: Final = re.compile(r"[가-힣]{2,}역")
# A ward's own institution: 성동구립 → "Seongdong-gu"; a neighbourhood: 계동 → "Gye-dong".
WARD: Final = re.compile(r"^([가-힣]{1,4})구(?:립|청)(?=[가-힣]|$)")
NEIGHBOURHOOD: Final = re.compile(r"^[가-힣]{1,3}동$")
JOINED: Final = re.compile(r"^[가-힣]{2,}[과와]$")
# A person's full name before what is called after him: 박노수미술관, 안중근의사기념관.
PERSON: Final = re.compile(
    r"(?<![가-힣])(?!서울|한국|한양|남산|서대|전쟁)([가-힣])([가-힣][가-힣])(?<![동문산강역대성궁사골도구군])\s?"
    r"(?:의사|열사|선생)?\s?"
    r"(?=(?:가옥|고택|생가|기념관|기념도서관|미술관|문학관|문화관|묘역|묘소|묘$|집터|별장|별서|옛집|집$|사당|체육공원)(?![가-힣]))"
)
LINKS: Final = {"및": "and", "내": "in", "구": "Former", "옛": "Former", "현": "Present"}
LAST: Final = {"터": "Site", "집터": "House Site", "묘": "Tomb"}
NUMBERED_BRANCH: Final = re.compile(r"^([가-힣]*)(\d+)호점$")
TWICE: Final = re.compile(r"\b(.{4,}) \1\b")
HAS_NO_FINAL: Final = 0
FINALS: Final = 28
FIRST_SYLLABLE: Final = ord("가")
# What a cut costs: syllables nobody knows weigh most, then runs of them, then pieces.
UNKNOWN_SYLLABLE: Final = 10
UNKNOWN_RUN: Final = 12
LONE_SYLLABLE: Final = 14  # a single syllable beside a known word is more likely a wrong cut …
LAST_SYLLABLE: Final = 26  # … and after one even more: 코리아나, 만두랑
PIECE: Final = 5
WORDS_REMEMBERED: Final = 1 << 16
LONE_NAME_LENGTH: Final = 4  # up to here a name of one word may be explained by its last syllable


@dataclass(frozen=True, slots=True)
class Words:
    """How the parts of Korean place names are said in English."""

    anywhere: Mapping[str, str]
    sights: Mapping[str, str]  # in names of what is no food
    before: Mapping[str, str]
    loanwords: Mapping[str, str]
    endings: Mapping[str, str]
    after: Mapping[str, Sequence[tuple[str, str]]]  # category → ending kept, and what it is called
    families: Mapping[str, str]


@cache
def read_words() -> Words:
    """Return the lexicon."""
    data = tomllib.loads((DATA / "english_words.toml").read_text("utf-8"))
    after = {
        category: sorted(rows.items(), key=lambda row: -len(row[0]))
        for category, rows in data["after"].items()
    }
    return Words(
        anywhere=data["words"],
        sights=data["words"] | data["sights"],
        before=data["before"],
        loanwords=data["loanwords"],
        endings=data["endings"],
        after=after,
        families=data["family_names"],
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run of Hangul: `said` is empty where nobody knows the word."""

    korean: str
    said: str = ""


def english_name(korean: str, *, category: str = "") -> str:
    """Return the name in Latin letters: words that we know in English, the others romanised."""
    bare = ASIDE.sub("", korean).strip() or korean
    is_food = category in FOOD
    if not is_food:
        bare = PERSON.sub(_person, bare)
    words = bare.split()
    spelled = []
    for at, word in enumerate(words):
        is_last = at == len(words) - 1
        link = _last(word) if is_last and at else LINKS.get(word) if not is_last else None
        spelled.append(link or _word(word, is_food=is_food, is_last=is_last))
    return _explained(TWICE.sub(r"\1", " ".join(spelled)), bare, category)


def _last(word: str) -> str | None:
    return LAST.get(word) or read_words().endings.get(word)


def _person(found: re.Match[str]) -> str:
    family = read_words().families.get(found[1])
    if family is None:
        return found[0]
    first, second = (romanise(syllable) for syllable in found[2])
    return f"{family} {first}-{second.lower()} "


def _explained(said: str, bare: str, category: str) -> str:
    """Return the name with its kind after it: "Jogyesa Temple"."""
    for ending, kind in read_words().after.get(category, ()):
        # One syllable ends many words (서울역사): only a short name is surely "○○ Temple".
        is_sure = len(ending) > 1 or (len(bare) <= LONE_NAME_LENGTH and " " not in bare)
        if is_sure and bare.endswith(ending) and not said.endswith((kind, "Site", "Tombs")):
            return f"{said} {kind}"
    return said


@lru_cache(maxsize=WORDS_REMEMBERED)
def _word(word: str, *, is_food: bool, is_last: bool) -> str:
    if not is_food and not is_last:
        if NEIGHBOURHOOD.fullmatch(word):
            return f"{romanise(word[:-1])}-dong"
        if JOINED.fullmatch(word) and _is_joined(word):
            return f"{_runs(word[:-1], is_food=False)} and"
    numbered = NUMBERED_BRANCH.match(word)
    if numbered:
        return f"{romanise(numbered[1])} No. {numbered[2]}".strip()
    if BRANCH_WORD.fullmatch(word) and word not in read_words().anywhere:
        return branch_name(word)
    return _runs(word, is_food=is_food)


def _is_joined(word: str) -> bool:
    """Tell whether the particle fits the sound before it: 헌릉과, but 사과 is a word."""
    has_final = (ord(word[-2]) - FIRST_SYLLABLE) % FINALS != HAS_NO_FINAL
    return has_final == (word[-1] == "과")


def branch_name(word: str) -> str:
    """Return "Gusan Station" for 구산역점."""
    place = word.removesuffix("점")
    if STATION.fullmatch(place):
        return f"{romanise(place.removesuffix('역'))} Station"
    return _runs(place, is_food=True)


def _runs(word: str, *, is_food: bool) -> str:
    """Spell one word of Hangul and other letters, with spaces where a known word begins or ends."""
    parts: list[tuple[str, bool, bool]] = []  # text, begins and ends with a known word
    for run in RUN.findall(word):
        if not "가" <= run[0] <= "힣":
            parts.append((run, False, False))
            continue
        ending = read_words().endings.get(run) if parts else None  # KBS홀
        told = [Piece(run, ending)] if ending else None
        pieces = told or _ward(run) or list(cut(run, is_food=is_food))
        spelled = " ".join(piece.said or romanise(piece.korean) for piece in pieces)
        parts.append((spelled, bool(pieces[0].said), bool(pieces[-1].said)))
    return _joined(parts)


def _ward(run: str) -> list[Piece] | None:
    found = WARD.match(run)
    if found is None:
        return None
    rest = run[found.end() :]
    ward = Piece(found[0], f"{romanise(found[1])}-gu")
    return [ward, *(cut(rest, is_food=False) if rest else ())]


def _joined(parts: Sequence[tuple[str, bool, bool]]) -> str:
    said = ""
    ends_known = False
    for text, begins, ends in parts:
        if not said:
            said = text
        elif said[-1].isdigit() and not begins and text[0].isalpha():
            said += text[0].lower() + text[1:]  # 40년, 8번가
        elif text[0].isalnum() and said[-1].isalnum():
            is_number = text[0].isdigit() and not ends_known
            said += text if is_number else f" {text}"
        else:
            said += text
        ends_known = ends
    return said


@lru_cache(maxsize=WORDS_REMEMBERED)
def cut(run: str, *, is_food: bool) -> tuple[Piece, ...]:
    """Cut a run of Hangul into known words and the rest: fewest syllables left, then pieces."""
    # best[at][known] = cost and pieces of run[:at] whose last piece is known, or not.
    best: list[dict[bool, tuple[int, tuple[Piece, ...]]]] = [{} for _ in range(len(run) + 1)]
    best[0][True] = (0, ())
    lexicon = read_words().anywhere if is_food else read_words().sights
    for start in range(len(run)):
        for is_known, (cost, pieces) in best[start].items():
            for end in range(start + 1, len(run) + 1):
                word = run[start:end]
                said = lexicon.get(word) or _said(run, start, end, lexicon, after_known=is_known)
                if said:
                    _offer(best[end], cost + PIECE, (*pieces, Piece(word, said)))
                if is_known:
                    _offer(best[end], cost + _price(run, start, end), (*pieces, Piece(word)))
    return min(best[-1].values(), key=lambda found: found[0])[1]


def _price(run: str, start: int, end: int) -> int:
    """Return what it costs to leave a part unknown."""
    price = UNKNOWN_RUN + UNKNOWN_SYLLABLE * (end - start)
    if end - start == 1 < len(run):
        price += LAST_SYLLABLE if end == len(run) else LONE_SYLLABLE
    return price


def _offer(
    slot: dict[bool, tuple[int, tuple[Piece, ...]]], cost: int, pieces: tuple[Piece, ...]
) -> None:
    is_known = bool(pieces[-1].said)
    if is_known not in slot or cost < slot[is_known][0]:
        slot[is_known] = (cost, pieces)


def _said(
    run: str, start: int, end: int, lexicon: Mapping[str, str], *, after_known: bool
) -> str | None:
    """Return how a part is said in English that is a word only in some places."""
    words, word, is_end = read_words(), run[start:end], end == len(run)
    is_before_known = not is_end and _begins_known(run[end:], lexicon)
    if word in words.endings and is_end:
        return words.endings[word] if start > 1 else None
    if word in words.loanwords and after_known:
        is_sure = len(word) > 1 or is_before_known or (is_end and (start > 0 or word == "더"))
        return words.loanwords[word] if is_sure else None
    is_sight = lexicon is words.sights
    return words.before.get(word) if is_sight and after_known and is_before_known else None


def _begins_known(rest: str, lexicon: Mapping[str, str]) -> bool:
    before = read_words().before
    return any(
        rest[:length] in lexicon or rest[:length] in before for length in range(2, len(rest) + 1)
    )
