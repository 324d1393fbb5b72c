"""What the outputs of an ONNX model mean: the file of labels beside it, and outputs as guesses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.embedding.onnx import UnusableModel
from engine.tagging.thresholds import REJECT_BELOW
from engine.tagging.types import BY_MODEL, TagGuess
from engine.tagging.vocabulary import tags

_ACTIVATIONS: Final = ("sigmoid", "softmax", "none")

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labels:
    """The tag of each output in order, "" for what is none of ours, and how outputs become shares."""

    tags: tuple[str, ...]
    activation: str

    def guesses(self, made: Any, *, count: int) -> list[tuple[TagGuess, ...]]:
        """
        Return the guesses of `count` inputs, the surest first; what is worth no look is none.

        Raises:
            UnusableModel: the model made another number of outputs than there are labels, or one
                that is no number.
        """
        shape = (count, len(self.tags))
        if getattr(made, "shape", None) != shape:
            raise UnusableModel(
                f"the model makes {getattr(made, 'shape', None)}, not {shape}: an output for each label"
            )
        outputs = np.asarray(made, dtype=np.float32)
        if not np.isfinite(outputs).all():
            raise UnusableModel("the model makes outputs that are no numbers")
        shares = np.clip(self._shares(outputs), 0.0, 1.0)
        return [self._of_one(row) for row in shares.tolist()]

    def _shares(self, outputs: Matrix) -> Matrix:
        if self.activation == "none":
            return outputs
        if self.activation == "sigmoid":
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(outputs, -30.0, 30.0))))
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _of_one(self, shares: Sequence[float]) -> tuple[TagGuess, ...]:
        surest: dict[str, float] = {}
        for tag, share in zip(self.tags, shares, strict=True):
            if tag and share >= max(REJECT_BELOW, surest.get(tag, 0.0)):
                surest[tag] = share
        return tuple(
            TagGuess(
                tag=tag, kind=tags()[tag].kind, weight=share, confidence=share, evidence=BY_MODEL
            )
            for tag, share in sorted(surest.items(), key=lambda pair: (-pair[1], pair[0]))
        )


def sidecar_of(path: Path) -> Path:
    """Return where the file of labels of a model lies: model.onnx → model.toml."""
    return path.with_suffix(".toml")


def read_sidecar(path: Path) -> Mapping[str, Any]:
    """
    Return the parsed file of labels beside the model at `path`.

    Raises:
        UnusableModel: it is missing or no TOML.
    """
    file = sidecar_of(path)
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise UnusableModel(f"no file {file}: it says what the outputs of the model mean") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableModel(f"{file} is no TOML: {error}") from error


def labels_of(data: Mapping[str, Any], *, path: Path) -> Labels:
    """
    Return the labels that a file says; `path` is that of the model.

    Raises:
        UnusableModel: there are none, one is no tag of ours, or the activation is unknown.
    """
    file, names = sidecar_of(path), data.get("labels")
    if not isinstance(names, list) or not any(names):
        raise UnusableModel(f"{file} has no list of labels")
    unknown = [name for name in names if not isinstance(name, str) or (name and name not in tags())]
    if unknown:
        raise UnusableModel(f"{file} names {unknown[0]!r}, which is no tag")
    activation = data.get("activation", "sigmoid")
    if activation not in _ACTIVATIONS:
        raise UnusableModel(
            f"{file}: activation {activation!r} is none of {', '.join(_ACTIVATIONS)}"
        )
    return Labels(tuple(names), activation)
