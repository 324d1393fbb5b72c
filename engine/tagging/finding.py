"""Where a text names a tag, and whether it denies it there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.tagging.slips import shipped_slips
from engine.tagging.types import CODE_MARK
from engine.tagging.vocabulary import Meaning, Vocabulary, fold
from engine.text.hangul import is_syllable
from engine.text.normalising import Normalised

_WORD_HIGH: Final = 24  # characters; evidence is shown to people
_SLIPPED: Final = 0.8  # of what a word says that is only taken for a slip
_NEAR: Final = 40  # characters before and after a word in which it may be denied

_STEM: Final = re.compile(r"[a-z0-9]")
_HANGUL: Final = re.compile(r"[가-힣]+")
_CLAUSE_END: Final = re.compile(r"[.!?。;\n]|, but |지만 |는데 |but ")

# 조용하지 않은, 시끄럽지는 않다, 조용하진 않고, 조용한 편은 아니다, 붐빌 일이 없다, 시끄러운 곳 말고
_DENIED_AFTER: Final = re.compile(
    r"^[가-힣]{0,3}?(?:지(?:는|도|가|를|만은)?|진|질) ?(?:않|못|안 )"
    r"|^[가-힣]{0,3}(?: ?(?:편|곳|분위기|느낌|데|장소|동네|가게|정도))?(?:[은는이가도]|까지는)? "
    r"?(?:아니|아닌|아님|말고|빼고|없(?!이 ?(?:않|없)))"
    r"|^[가-힣]{0,2}(?:과는|와는|하고는|이랑은|랑은) ?(?:거리가 ?)?(?:멀|먼)"
    r"|^[가-힣]{0,2} ?걱정(?:이|은|도)? ?없"
)
# 안 시끄러운, 별로 붐비지, 덜 붐비는, 전혀 조용
_DENIED_BEFORE_KO: Final = re.compile(
    r"(?:^|[\s,(])(?:안|못|덜|별로|전혀|그닥|그다지|절대)(?: 안| 그리| 크게)? ?$"
)
_DENIER_EN: Final = (
    r"(?:not|no|never|without|hardly|barely|scarcely|neither|nor|less|non|avoids?|far from|lacks?|lacking|"
    r"(?:is|was|are|were|does|do|did|has|have)n'?t|cannot|can'?t)"
)
_DENIED_BEFORE_EN: Final = re.compile(
    rf"\b{_DENIER_EN}(?! (?:only|just|to mention|least|far from|without|but))(?: [a-z']+){{0,2}} $"
)
_DENIED_AFTER_EN: Final = re.compile(
    r"^[a-z ]{0,12}? (?:is|are|was|were) (?:not (?!only|just)|nowhere|hardly)"
)
# A place beside which it lies is not what it is: 공원 옆, near the park.
_BESIDE_AFTER: Final = re.compile(
    r"^[가-힣]{0,2} ?(?:옆|근처|인근|맞은편|건너편|앞에|뒤에|뒤편|부근|주변|에서 ?(?:도보|걸어|가까)|과 ?가까|와 ?가까|[은는이가도] (?:아니|아닌|없)|"
    r"까지 )"
)
_BESIDE_BEFORE: Final = re.compile(
    r"\b(?:near|nearby|next to|opposite|beside|behind|facing|close to|from|to|across from)(?: the| a| an)? "
    r"(?:[a-z']+ )?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word for or against a tag: `said` in [-1, 1]; `start`, `end` are offsets of the source."""

    tag: str
    said: float
    start: int
    end: int
    closes: bool  # it ends its clause: a text's last word says what the whole is
    is_beside: bool  # what it names only says where


def mentions_of(source: str, *, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """Return what `source` says of the tags, in the order of the text, slips behind."""
    folded = fold(source)
    return tuple(_mentions(folded, vocabulary))


def _mentions(folded: Normalised, vocabulary: Vocabulary) -> Iterator[Mention]:
    known = list(_known(folded.text, vocabulary))
    yield from (
        mention
        for at, end, meanings in known
        for mention in _mentioned(folded, at, end, meanings, share=1.0)
    )
    taken = {at for start, end, _ in known for at in range(start, end)}
    for at, end, meanings in shipped_slips().found(folded.text):
        if taken.isdisjoint(range(at, end)):
            yield from _mentioned(folded, at, end, meanings, share=_SLIPPED)


def _known(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, tuple[Meaning, ...]]]:
    """Yield the words that stand in `text`, none inside another, with what they say."""
    at = 0
    while at < len(text):
        size = _size(text, at, vocabulary)
        if size:
            yield at, at + size, vocabulary.words[text[at : at + size]]
        at += max(1, size)


def _mentioned(
    folded: Normalised, at: int, end: int, meanings: Sequence[Meaning], *, share: float
) -> Iterator[Mention]:
    text = folded.text
    inside = at > 0 and is_syllable(text[at]) and is_syllable(text[at - 1])
    meant = [meaning for meaning in meanings if not (meaning.whole and inside)]
    if not meant:
        return
    before, after = _around(text, at, end)
    denied = _is_denied(before, after, korean=is_syllable(text[end - 1]))
    beside = bool(_BESIDE_AFTER.match(after) or _BESIDE_BEFORE.search(before))
    for meaning in meant:
        if said := share * (meaning.denied if denied else meaning.said):
            yield Mention(meaning.tag, said, *folded.span(at, end), _closes(after), beside)


def _size(text: str, at: int, vocabulary: Vocabulary) -> int:
    """Return the length of the longest word that stands at `at`; 0 for none."""
    longest = vocabulary.longest.get(text[at], 0)
    if not longest or (_STEM.match(text[at]) and at and _STEM.match(text[at - 1])):
        return 0
    for size in range(min(longest, len(text) - at), 0, -1):
        if text[at : at + size] in vocabulary.words and _ends_well(text, at, size, vocabulary):
            return size
    return 0


def _ends_well(text: str, at: int, size: int, vocabulary: Vocabulary) -> bool:
    end = at + size
    if _STEM.match(text[end - 1]):
        return end == len(text) or not _STEM.match(text[end])
    if size > 1 or not is_syllable(text[at]):
        return True
    tail = _HANGUL.match(text, end)
    stands_alone = at == 0 or not is_syllable(text[at - 1])
    return stands_alone and (tail is None or tail.group() in vocabulary.particles)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands in the same clause, before and after."""
    before = text[max(0, start - _NEAR) : start]
    after = text[end : end + _NEAR]
    cuts = [cut.end() for cut in _CLAUSE_END.finditer(before)]
    ending = _CLAUSE_END.search(after)
    return before[cuts[-1] :] if cuts else before, after[: ending.start()] if ending else after


def _is_denied(before: str, after: str, *, korean: bool) -> bool:
    if korean:
        return bool(_DENIED_AFTER.match(after) or _DENIED_BEFORE_KO.search(before))
    return bool(_DENIED_BEFORE_EN.search(before) or _DENIED_AFTER_EN.match(after))


def _closes(after: str) -> bool:
    return (
        re.fullmatch(r"(?:이?다|입니다|이에요|예요|임|인 ?곳)?(?:\s*[(\[].*)?[\s)\]'\"”’~]*", after)
        is not None
    )


def evidence_of(source: str, mention: Mention) -> str:
    """Return the mention as it was written, to the ends of its Korean word: 조용 → 조용한."""
    start, end = mention.start, mention.end
    while end < len(source) and end - start < _WORD_HIGH and is_syllable(source[end]):
        end += 1
    return source[start:end].lstrip(CODE_MARK + " \t\r\n") or source[start:end]
