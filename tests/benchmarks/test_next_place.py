import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.next_place import MalformedCheckins, measure, predict, read_checkins, score

ROUND = [3, 5, 8]


def document(tests: dict[str, list[list[int]]]) -> dict[str, Any]:
    return {
        "poi_coords": {str(k): [40.7 + 0.001 * k, -74.0] for k in range(12)},
        "train_sessions": {str(v): [[5, v], ROUND, [v, *ROUND], ROUND] for v in range(6)},
        "test_sessions": tests,
    }


def write(folder: Path, data: dict[str, Any]) -> Path:
    path = folder / "checkins.json"
    path.write_text(json.dumps(data))
    return path


def test_predicts_the_last_visit_of_each_session_of_two_or_more(tmp_path: Path) -> None:
    path = write(tmp_path, document({"2": [[3, 5, 8], [4], [2, 3, 5]], "0": [[1, 0]]}))

    result = measure(path=path)

    assert result["queries"] == 3
    assert [len(row) for row in result["predictions"]] == [10, 10, 10]
    assert result["predictions"][0][0] == 8


def test_the_last_visit_of_a_session_changes_no_prediction(tmp_path: Path) -> None:
    sessions = {"1": [[3, 5, 8], [1, 3]], "4": [[4, 3, 5]]}
    altered = {"1": [[3, 5, 9], [1, 11]], "4": [[4, 3, 0]]}

    expected = predict(checkins=read_checkins(path=write(tmp_path, document(sessions))))

    found = predict(checkins=read_checkins(path=write(tmp_path, document(altered))))
    assert found == expected


def test_other_test_sessions_change_no_prediction(tmp_path: Path) -> None:
    alone = document({"1": [[1, 3, 5]]})
    among = document({"1": [[1, 3, 5], [1, 9], [1, 9]], "2": [[3, 5, 9]]})

    expected = predict(checkins=read_checkins(path=write(tmp_path, alone)))

    assert predict(checkins=read_checkins(path=write(tmp_path, among)))[0] == expected[0]


def test_hr_and_ndcg_are_those_of_the_ranks() -> None:
    hit_rate, gain = score(predictions=[(7, 1), (1, 7), (1, 2)], answers=[7, 7, 7])

    assert hit_rate == pytest.approx(2 / 3, abs=1e-6)
    assert gain == pytest.approx((1 + 0.63093) / 3, abs=1e-5)


def test_sessions_that_the_train_sessions_hold_are_told_apart(tmp_path: Path) -> None:
    result = measure(path=write(tmp_path, document({"1": [ROUND, [3, 5, 1]]})))

    assert result["repeated"]["share"] == 0.5


@pytest.mark.parametrize("part", ["poi_coords", "train_sessions", "test_sessions"])
def test_a_file_without_one_of_its_parts_is_refused(tmp_path: Path, part: str) -> None:
    data = document({"1": [[3, 5]]})
    del data[part]

    with pytest.raises(MalformedCheckins, match=part):
        read_checkins(path=write(tmp_path, data))


def test_a_session_at_an_unknown_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedCheckins, match="99"):
        read_checkins(path=write(tmp_path, document({"1": [[3, 99]]})))


@pytest.mark.promise
@pytest.mark.shared
def test_the_shared_check_ins_are_ranked_well(shared_data: Path) -> None:
    result = measure(path=shared_data / "checkins" / "nyc_dchl.json")

    assert result["queries"] == 1912
    assert result["hr10"] >= 0.59
    assert result["ndcg10"] >= 0.47
