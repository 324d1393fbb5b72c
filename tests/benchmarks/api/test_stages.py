import pytest

from benchmarks.api.stages import REST, STAGES, Clock, find_stage


@pytest.mark.parametrize("path", [path for paths in STAGES.values() for path in paths])
def test_every_stage_is_a_function_that_is_there(path: str) -> None:
    *_, function = find_stage(path)

    assert callable(function)


def test_what_an_inner_stage_takes_does_not_count_for_the_outer() -> None:
    clock = Clock()

    with clock.request(), clock.stage("present"), clock.stage("explain"):
        sum(range(100_000))

    inner = clock.processor["explain"][0]
    assert inner > clock.processor["present"][0] + clock.processor[REST][0]


def test_each_request_counts_every_stage_once() -> None:
    clock = Clock()

    for _ in range(3):
        with clock.request(), clock.stage("store"):
            pass

    assert {len(values) for values in clock.wall.values()} == {3}
    assert {row["stage"] for row in clock.table()} == {REST, *STAGES}
