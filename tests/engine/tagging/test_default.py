import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalogue import CATEGORIES, MOODS
from engine.tagging.default import default_tagger
from engine.tagging.gathering import READ_CHARACTERS
from engine.tagging.lexical import lexicon_tagger
from engine.tagging.loading import default_text_tagger, load_text_tagger
from engine.tagging.thresholds import ACCEPT_AT, REJECT_BELOW
from engine.tagging.types import BY_MODEL, Document, Reading, TagGuess, TagKind, TextTagger
from engine.tagging.vocabulary import tags

TAGGERS = (lexicon_tagger(), default_tagger())


def read(
    name: str = "이름", description: str = "", *, remarks: tuple[str, ...] = (), category: str = ""
) -> Reading:
    document = Document(names=(name,), description=description, remarks=remarks, category=category)
    (reading,) = default_text_tagger().read([document])
    return reading


def guess(reading: Reading, tag: str) -> TagGuess:
    return next(one for one in reading.tags if one.tag == tag)


def test_there_is_a_tag_for_each_mood_and_category() -> None:
    by_kind = {kind: [t.name for t in tags().values() if t.kind is kind] for kind in TagKind}

    assert set(by_kind[TagKind.MOOD]) == set(MOODS)
    assert set(by_kind[TagKind.CATEGORY]) == set(CATEGORIES)
    assert all(by_kind.values())


def test_the_name_of_a_kind_is_taken_without_anybody_looking() -> None:
    found = guess(read("서대문구립 이진아기념도서관"), "library")

    assert found.kind is TagKind.CATEGORY
    assert found.confidence >= ACCEPT_AT
    assert found.weight == 1.0
    assert found.evidence == "도서관"


def test_the_last_word_of_a_name_says_which_kind_it_is() -> None:
    head = guess(read("김치박물관"), "museum").confidence
    before = [one.confidence for one in read("김치박물관").tags if one.tag == "restaurant"]

    assert head >= REJECT_BELOW
    assert all(confidence < REJECT_BELOW for confidence in before)
    assert "restaurant" in {one.tag for one in read("박물관 김치식당").tags}


def test_what_the_record_states_is_not_guessed_again() -> None:
    reading = read("서대문도서관", category="library")

    assert "library" not in {one.tag for one in reading.tags}


def test_evidence_is_the_word_as_it_was_written() -> None:
    reading = read(description="골목 끝의 고즈넉한 한옥, a ROMANTIC garden")

    assert guess(reading, "quiet").evidence == "고즈넉한"
    assert guess(reading, "romantic").evidence == "ROMANTIC"


def test_people_who_agree_make_surer_and_who_deny_less_sure() -> None:
    alone = guess(read(description="조용한 카페"), "quiet").confidence
    agreeing = read(description="조용한 카페", remarks=("정말 조용해요", "조용합니다"))
    denying = read(description="조용한 카페", remarks=("조용하지 않아요", "시끄러워요"))

    assert guess(agreeing, "quiet").confidence > alone
    assert all(one.confidence < alone for one in denying.tags if one.tag == "quiet")


def test_what_no_word_names_is_told_by_the_model_alone_where_worth_a_look() -> None:
    found = [one for one in read("롯데콘서트홀").tags if one.evidence == BY_MODEL]

    assert [one.tag for one in found] == ["theatre"]
    assert all(one.confidence >= REJECT_BELOW for one in found)


@pytest.mark.parametrize("text", ["", " ", "…", "0", "\0", "㋿", "ㅋㅋ", "ABC-123"])
def test_what_says_nothing_gets_no_tag(text: str) -> None:
    assert read(text, text).tags == ()


def test_nothing_said_of_nothing() -> None:
    (reading,) = default_text_tagger().read([Document(names=())])

    assert reading == Reading(tags=(), cost=None, stay=None)
    assert default_text_tagger().read([]) == []


def test_the_same_document_is_read_the_same_in_any_company() -> None:
    documents = [Document(names=("조용한 책방",)), Document(names=("club",)), Document(names=())]
    tagger = default_text_tagger()

    together = tagger.read(documents)

    assert list(together) == [tagger.read([document])[0] for document in documents]


def test_labels_name_a_version_that_differs_by_tagger() -> None:
    assert load_text_tagger(None).label == default_text_tagger().label
    assert len({tagger.label for tagger in TAGGERS}) == 2
    assert all("/" in tagger.label for tagger in TAGGERS)


@pytest.mark.parametrize("piece", ["조용한 카페 ", "$1 ", "\u0301", "\u202e😀\0"])
def test_a_line_without_end_is_read_to_a_bound(piece: str) -> None:
    endless = piece * (10_000_000 // len(piece))
    bounded = endless[:READ_CHARACTERS]

    assert read("", endless) == read("", bounded)


PIECES = st.sampled_from(
    ["조용한", "조용하지 않은", "시끄러운", "카페", "park", "not", "quiet", "바다", "무료", "한옥", " ", ".", "#", "#model",
     "\0", "\u202e", "😀", "é", "İ", "ﬃ", "가\u0301", "근처", "안", "(", "박물관", "-", "'", "\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=40)


@pytest.mark.parametrize("tagger", TAGGERS, ids=lambda tagger: tagger.label)
@settings(max_examples=30, deadline=None)
@given(name=TEXTS, description=TEXTS, remark=TEXTS)
def test_any_text_is_read(tagger: TextTagger, name: str, description: str, remark: str) -> None:
    document = Document(names=(name,), description=description, remarks=(remark,))

    (reading,) = tagger.read([document])

    said = [one.tag for one in reading.tags]
    assert len(said) == len(set(said))
    assert all(0 <= one.weight <= 1 and 0 < one.confidence < 1 for one in reading.tags)
    assert all(one.evidence for one in reading.tags)
    assert all(
        any(one.evidence in text for text in (name, description, remark))
        for one in reading.tags
        if one.evidence != BY_MODEL
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_words_that_name_nothing_change_no_signal(number: int) -> None:
    tagger = default_tagger()
    before = tagger.speaking_for(Document(names=("조용한 카페",), description="바다가 보인다."))

    after = tagger.speaking_for(
        Document(names=("조용한 카페",), description=f"바다가 보인다. {number} ㅁㄴㅇㄹ zxqv")
    )

    assert {tag: signal for tag, (signal, _) in before.items()} == {
        tag: signal for tag, (signal, _) in after.items()
    }
