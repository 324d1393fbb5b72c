from engine.query.readings import Item, Unit, Word
from engine.query.segmenting import Tails, segment

TAILS = Tails(of_known=frozenset({"에서", "한", "는"}), of_unknown=frozenset({"에서", "는"}))


def cut(text: str, *entries: str) -> list[Unit]:
    items: dict[int, list[Item]] = {}
    for entry in entries:
        start = text.find(entry)
        while start >= 0:
            items.setdefault(start, []).append(Item(start, start + len(entry), (Word("x", entry),)))
            start = text.find(entry, start + 1)
    return segment(text=text, items=items, tails=TAILS)[0]


def test_a_long_entry_beats_its_parts() -> None:
    assert [unit.text for unit in cut("놀이공원", "놀이", "공원", "놀이공원")] == ["놀이공원"]


def test_an_entry_inside_an_unknown_word_is_not_read() -> None:
    (unit,) = cut("아이돌은", "아이")

    assert unit.text == "아이돌은"
    assert unit.unknown


def test_entries_written_together_are_parted() -> None:
    units = cut("조용한카페에서", "조용", "카페")

    assert [(unit.text, unit.tail) for unit in units] == [("조용", "한"), ("카페", "에서")]


def test_an_unknown_word_takes_particles_and_no_endings() -> None:
    named, ended = cut("가나에서 다라한")

    assert (named.text, named.tail) == ("가나", "에서")
    assert (ended.text, ended.tail) == ("다라한", "")


def test_a_syllable_counts_only_as_a_word_of_its_own() -> None:
    assert [unit.unknown for unit in cut("바 바나나", "바")] == [False, True]


def test_signs_stand_in_the_gap_before_a_unit() -> None:
    units, rest = segment(text="카페, 바!", items={0: [Item(0, 2, (Word("x"),))]}, tails=TAILS)

    assert [(unit.text, unit.gap) for unit in units] == [("카페", ""), ("바", ", ")]
    assert rest == "!"
