"""
An ONNX model of pictures as a tagger, for operators who have one.

Pictures come from strangers: the format and the size are checked before anything is decoded.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.embedding.onnx import (
    UnusableModel,
    checksum_of,
    name_of,
    open_session,
    optional_package,
)
from engine.tagging.labelling import Labels, Matrix, labels_of, read_sidecar, sidecar_of
from engine.tagging.types import TagGuess

PIXELS_HIGH: Final = 25_000_000
BYTES_HIGH: Final = 25_000_000

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_BATCH: Final = 8
_SIDE_LOW, _SIDE_HIGH = 1, 1024


class UnusablePicture(ValueError):
    """One of the pictures may not be opened, or is none; says which, and why."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a picture becomes the model's input: (x - mean) / std of shares of full light, RGB."""

    width: int
    height: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    channels_last: bool

    def __post_init__(self) -> None:
        for name, side in (("width", self.width), ("height", self.height)):
            if not _SIDE_LOW <= side <= _SIDE_HIGH:
                raise ValueError(f"{name} {side} is not in [{_SIDE_LOW}, {_SIDE_HIGH}]")
        if not all(map(math.isfinite, (*self.mean, *self.std))) or min(self.std) <= 0:
            raise ValueError("mean and std must be numbers, and std above 0")

    def array(self, picture: Any) -> Matrix:
        """Return the picture, cut to the middle, as float32 (3, height, width) or channels last."""
        fitted = optional_package("PIL.ImageOps").fit(picture, (self.width, self.height))
        light = np.asarray(fitted, dtype=np.float32) / 255.0
        scaled = (light - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        arranged = scaled if self.channels_last else scaled.transpose(2, 0, 1)
        return np.ascontiguousarray(arranged, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class OnnxImageTagger:
    """Tags by a model that makes one output for each label."""

    label: str
    session: Any = field(repr=False)  # onnxruntime.InferenceSession
    labels: Labels = field(repr=False)
    preparation: Preparation = field(repr=False)

    def read(self, images: Sequence[bytes]) -> Sequence[tuple[TagGuess, ...]]:
        """
        Return the tags of each picture, in the order given, the surest first.

        Raises:
            UnusablePicture: one of them is no picture that may be opened; it says which, and why.
            UnusableModel: the model makes something else than when it was loaded.
        """
        found: list[tuple[TagGuess, ...]] = []
        for start in range(0, len(images), _BATCH):
            batch = [
                self.preparation.array(open_picture(data, name=f"picture {at}"))
                for at, data in enumerate(images[start : start + _BATCH], start)
            ]
            found += self._guesses(np.stack(batch))
        return found

    def try_out(self) -> None:
        """
        Look at one black picture.

        Raises:
            UnusableModel: what comes out is not one output for each label.
        """
        black = np.zeros((self.preparation.height, self.preparation.width, 3), dtype=np.uint8)
        picture = optional_package("PIL.Image").fromarray(black)
        self._guesses(self.preparation.array(picture)[None])

    def _guesses(self, batch: Matrix) -> list[tuple[TagGuess, ...]]:
        name = self.session.get_inputs()[0].name
        try:
            (made, *_) = self.session.run(None, {name: batch})
        except Exception as error:  # its own share no other base
            raise UnusableModel(f"the model fails on a picture: {error}") from error
        return self.labels.guesses(made, count=len(batch))


def open_picture(data: bytes, *, name: str) -> Any:
    """
    Return the decoded picture in RGB, turned as its camera says.

    Raises:
        UnusablePicture: it is too large, of another format, broken, or no picture.
    """
    if len(data) > BYTES_HIGH:
        raise UnusablePicture(f"{name} has {len(data):,} bytes, more than {BYTES_HIGH:,}")
    module, turning = optional_package("PIL.Image"), optional_package("PIL.ImageOps")
    bombs = (module.DecompressionBombError, module.DecompressionBombWarning)
    try:
        picture = module.open(io.BytesIO(data), formats=_FORMATS)  # reads its head alone
    except bombs as error:
        raise UnusablePicture(f"{name} has more than {PIXELS_HIGH:,} pixels") from error
    except Exception as error:  # a broken head raises what its format's reader happens to
        raise UnusablePicture(f"{name} is no {', '.join(_FORMATS)}: {error}") from error
    pixels = picture.width * picture.height
    if pixels > PIXELS_HIGH:
        raise UnusablePicture(f"{name} has {pixels:,} pixels, more than {PIXELS_HIGH:,}")
    try:
        return turning.exif_transpose(picture).convert("RGB")
    except Exception as error:  # so does a broken body
        raise UnusablePicture(f"{name} is broken: {error}") from error


def load_onnx_image_tagger(path: Path) -> OnnxImageTagger:
    """
    Return the tagger of the model at `path`; the labels and the preparation lie beside it.

    Raises:
        UnusableModel: a file is missing or broken, a package is not installed, or what the model
            makes of a picture is not one output for each label.
    """
    optional_package("PIL.Image")
    session, said = open_session(path), read_sidecar(path)
    if len(session.get_inputs()) != 1:
        raise UnusableModel(f"{path} wants {len(session.get_inputs())} inputs, not one picture")
    tagger = OnnxImageTagger(
        label=f"{name_of(path)}/{checksum_of(path)}",
        session=session,
        labels=labels_of(said, path=path),
        preparation=_preparation(said, path=path),
    )
    tagger.try_out()
    return tagger


def _preparation(said: Mapping[str, Any], *, path: Path) -> Preparation:
    file = sidecar_of(path)
    try:
        width, height = (int(side) for side in said["size"])
        mean, std = (tuple(float(part) for part in said[key]) for key in ("mean", "std"))
        layout = said.get("layout", "NCHW")
        if len(mean) != 3 or len(std) != 3 or layout not in {"NCHW", "NHWC"}:
            raise ValueError("mean and std have three numbers, layout is NCHW or NHWC")
        return Preparation(
            width,
            height,
            (mean[0], mean[1], mean[2]),
            (std[0], std[1], std[2]),
            layout == "NHWC",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableModel(f"{file} does not say how pictures are prepared: {error}") from error
