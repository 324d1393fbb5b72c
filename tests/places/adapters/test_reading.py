import json

import pytest

from places.adapters.reading import Decoded, UnreadableFile, decode, read_records, read_table
from places.types import Refusal, Row

TABLE = "이름,주소\n망원시장,마포구\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode(), "utf_8_sig"),
        (b"\xef\xbb\xbf" + TABLE.encode(), "utf_8_sig"),
        (TABLE.encode("cp949"), "cp949"),
        (TABLE.encode("utf-16"), "utf_16"),
    ],
)
def test_the_encoding_is_the_one_in_which_the_columns_appear(data: bytes, encoding: str) -> None:
    decoded = decode(data, marks=("이름", "주소"))

    assert decoded == Decoded(TABLE, encoding, is_whole=True)


def test_a_file_in_which_no_encoding_shows_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="이름"):
        decode(bytes(range(128, 256)), marks=("이름",))


def test_damaged_bytes_cost_their_own_line_only() -> None:
    data = "이름,주소\n".encode("cp949") + b"\xff\xff,x\n" + "망원시장,마포구\n".encode("cp949")

    rows = list(read_table(decode(data, marks=("이름",))))

    assert rows == [
        Refusal("line 2", "undecodable bytes", "��,x"),
        Row("line 3", {"이름": "망원시장", "주소": "마포구"}),
    ]


def test_a_bad_line_is_refused_by_number_and_the_next_is_read() -> None:
    text = 'a,b\n1,2\n3\n"4,5\n6,7\n'

    rows = list(read_table(Decoded(text, "utf_8_sig", is_whole=True)))

    assert rows == [
        Row("line 2", {"a": "1", "b": "2"}),
        Refusal("line 3", "wrong number of columns", "3"),
        Refusal("line 4", "quote not closed", '"4,5'),
        Row("line 5", {"a": "6", "b": "7"}),
    ]


def test_a_quoted_cell_may_hold_line_breaks() -> None:
    rows = list(read_table(Decoded('a,b\n"1\n2",3\n', "utf_8_sig", is_whole=True)))

    assert rows == [Row("line 2", {"a": "1\n2", "b": "3"})]


def test_quotes_within_cells_and_empty_cells_behind_the_last_are_no_fault() -> None:
    text = 'a,b\n12" pizza,1\n2,3,,\n'

    rows = list(read_table(Decoded(text, "utf_8_sig", is_whole=True)))

    assert rows == [
        Row("line 2", {"a": '12" pizza', "b": "1"}),
        Row("line 3", {"a": "2", "b": "3"}),
    ]


def test_a_second_column_of_a_name_does_not_hide_the_first() -> None:
    rows = list(read_table(Decoded("a,a,,\n1,2,3,4\n", "utf_8_sig", is_whole=True)))

    assert rows == [Row("line 2", {"a": "1", "a (2)": "2", "": "4"})]


def test_a_number_of_ten_thousand_digits_costs_its_record_only() -> None:
    text = f'[{{"a": 1}}, {{"a": {"7" * 10_000}}}, {{"a": 3}}]'

    before, refused, after = read_records(Decoded(text, "utf_8_sig", is_whole=True))

    assert (before, after) == (Row("record 1", {"a": 1}), Row("record 3", {"a": 3}))
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.ends_early) == ("malformed JSON", False)


def test_records_before_and_after_damaged_json_are_read() -> None:
    text = '{"records": [{"a": 1}, {"a": }, {"a": 3}]}'

    rows = list(read_records(Decoded(text, "utf_8_sig", is_whole=True), key="records"))

    assert rows == [
        Row("record 1", {"a": 1}),
        Refusal("record 2", "malformed JSON", '{"a": }, {"a": 3}]}'),
        Row("record 3", {"a": 3}),
    ]


def test_a_list_that_is_cut_off_is_read_up_to_there() -> None:
    text = json.dumps([{"a": 1}, {"a": 2}])[:-5]

    rows = list(read_records(Decoded(text, "utf_8_sig", is_whole=True)))

    assert rows == [
        Row("record 1", {"a": 1}),
        Refusal("record 2", "malformed JSON", '{"a"', ends_early=True),
    ]


def test_a_record_that_is_no_object_is_refused() -> None:
    rows = list(read_records(Decoded('[1, {"a": 2}]', "utf_8_sig", is_whole=True)))

    assert rows == [Refusal("record 1", "not an object", "1"), Row("record 2", {"a": 2})]
