import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.tagging.images import PIXELS_HIGH, Preparation, UnusablePicture, open_picture
from engine.tagging.loading import UnusableTagger, load_image_tagger
from engine.tagging.types import ImageTagger, TagKind
from tests.engine.tagging.tiny_models import image_model, picture

PREPARED = "size = [8, 6]\nmean = [0.0, 0.0, 0.0]\nstd = [1.0, 1.0, 1.0]"
LABELLED = "labels = ['night', 'nature']\nactivation = 'none'"
RED, GREEN, BLACK = (255, 0, 0), (0, 204, 0), (0, 0, 0)


def tagger_in(folder: Path) -> ImageTagger:
    return load_image_tagger(image_model(folder))


def claimed_png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body


def test_a_picture_is_tagged_by_the_outputs_of_the_model(tmp_path: Path) -> None:
    red, green, black = tagger_in(tmp_path).read([picture(RED), picture(GREEN), picture(BLACK)])

    assert [(guess.tag, guess.kind) for guess in red] == [("night", TagKind.TIME)]
    assert [(guess.tag, guess.kind) for guess in green] == [("nature", TagKind.MOOD)]
    assert green[0].confidence == pytest.approx(0.8)
    assert black == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_usual_formats_are_read(tmp_path: Path, kind: str) -> None:
    ((guess,),) = tagger_in(tmp_path).read([picture(RED, kind=kind)])

    assert guess.tag == "night"


def test_no_pictures_are_no_tags_and_many_keep_their_order(tmp_path: Path) -> None:
    tagger = tagger_in(tmp_path)

    found = tagger.read([picture((RED, GREEN)[at % 2]) for at in range(11)])

    assert list(tagger.read([])) == []
    assert [guesses[0].tag for guesses in found] == [
        ("night", "nature")[at % 2] for at in range(11)
    ]


def test_pictures_are_cut_to_the_middle_and_scaled_as_the_file_says() -> None:
    preparation = Preparation(4, 4, (0.5, 0.0, 0.0), (0.5, 1.0, 1.0), channels_last=False)
    wide = Image.new("RGB", (12, 4), BLACK)
    wide.paste(RED, (4, 0, 8, 4))

    made = preparation.array(wide)

    assert made.shape == (3, 4, 4)
    assert made.dtype == np.float32
    assert made[0, 1, 1] == pytest.approx(1.0, abs=0.2)
    assert np.abs(made[1:]).max() == 0.0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "picture 1 is no JPEG, PNG, WEBP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture 1 is no JPEG, PNG, WEBP"),
        (b"GIF89a" + b"\0" * 40, "picture 1 is no JPEG, PNG, WEBP"),
        (picture(RED, kind="BMP"), "picture 1 is no JPEG, PNG, WEBP"),
        (claimed_png(5001, 5000), "picture 1 has 25,005,000 pixels, more than 25,000,000"),
        (claimed_png(12_000, 12_000), "picture 1 has more than 25,000,000 pixels"),
        (claimed_png(60_000, 60_000), "picture 1 has more than 25,000,000 pixels"),
        (claimed_png(0, 10), "picture 1 is"),
        (picture(RED, kind="JPEG", size=(400, 400))[:900], "picture 1 is broken"),
        (claimed_png(40, 40), "picture 1 is broken"),
    ],
    ids=["empty", "svg", "gif", "bmp", "large", "bomb", "bomb claimed", "no width", "cut", "no body"],
)  # fmt: skip
def test_what_is_no_picture_that_may_be_opened_is_refused_by_number(
    tmp_path: Path, data: bytes, said: str
) -> None:
    with pytest.raises(UnusablePicture, match=said):
        tagger_in(tmp_path).read([picture(RED), data])


def test_a_picture_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(UnusablePicture, match="p has 25,000,001 bytes"):
        open_picture(b"\0" * (PIXELS_HIGH + 1), name="p")


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        (f"labels = ['night']\n{PREPARED}", r"makes \(1, 2\), not \(1, 1\)"),
        (f"labels = ['night', 'sun']\n{PREPARED}", "names 'sun', which is no tag"),
        (LABELLED, "does not say how pictures are prepared: 'size'"),
        (f"{LABELLED}\n{PREPARED}\nlayout = 'CHW'", "layout is NCHW or NHWC"),
        (LABELLED + "\nsize = [0, 6]\nmean = [0, 0, 0]\nstd = [1, 1, 1]", "width 0 is not in"),
        (LABELLED + "\nsize = [8, 6]\nmean = [0, 0]\nstd = [1, 1, 1]", "three numbers"),
        (LABELLED + "\nsize = [8, 6]\nmean = [0, 0, nan]\nstd = [1, 1, 1]", "must be numbers"),
        (LABELLED + "\nsize = [8, 6]\nmean = [0, 0, 0]\nstd = [1, 0, 1]", "std above 0"),
        (LABELLED + "\nsize = 8\nmean = [0, 0, 0]\nstd = [1, 0, 1]", "how pictures are prepared"),
        (f"{LABELLED}\n{PREPARED}\nlayout = 'NHWC'", "the model"),
    ],
)
def test_a_model_that_does_not_fit_its_file_is_refused(
    tmp_path: Path, sidecar: str, said: str
) -> None:
    path = image_model(tmp_path, sidecar=sidecar)

    with pytest.raises(UnusableTagger, match=said):
        load_image_tagger(path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = image_model(tmp_path)
    path.write_bytes(b"\0broken")

    with pytest.raises(UnusableTagger, match="is no ONNX model"):
        load_image_tagger(path)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableTagger, match=r"no file .*eyes\.onnx"):
        load_image_tagger(tmp_path / "eyes.onnx")
