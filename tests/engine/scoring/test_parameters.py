import copy

import pytest

from engine.catalogue import read_data
from engine.scoring.parameters import DEFAULT, ScoringParameters
from engine.types import CardKind


def test_the_shipped_parameters_have_one_set_for_each_kind() -> None:
    assert set(DEFAULT.kinds) == set(CardKind)
    assert DEFAULT.version


def test_a_negative_weight_is_refused() -> None:
    data = copy.deepcopy(read_data("scoring.toml"))
    data["kinds"]["best_match"]["weights"]["novelty"] = -0.1

    with pytest.raises(ValueError, match="novelty"):
        ScoringParameters.from_mapping(data)


def test_a_missing_category_is_refused() -> None:
    data = copy.deepcopy(read_data("scoring.toml"))
    del data["time_fit"]["cafe"]

    with pytest.raises(ValueError, match="expected exactly"):
        ScoringParameters.from_mapping(data)


def test_a_part_above_one_is_refused() -> None:
    data = copy.deepcopy(read_data("scoring.toml"))
    data["appeal"]["cafe"] = 1.2

    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        ScoringParameters.from_mapping(data)
