"""
Compile the planner's kernels once for each machine and source, and keep the machine code.

numba's own cache looks only at the file that a kernel stands in, so a change to a kernel that it
calls from another file would go unseen. Here the folder carries a fingerprint of every source of
the package. It lies in `NUMBA_CACHE_DIR` where that is set, else beside the sources, else (a
read-only installation) in the user's cache; where nothing can be written, each process compiles
anew, which takes a minute or two: give such a container `NUMBA_CACHE_DIR`.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

njit: Any = numba.njit  # its types know neither the settings nor every option
numba_settings: Any = numba.config
SOURCES = Path(__file__).resolve().parent
# A function is compiled once more for each whole number that it is called with as it is written; for
# this one it is not.
ZERO: Any = np.int64(0)


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile `function` on first call, without the interpreter's lock, keeping machine code."""
    folder = _cache_folder()
    if folder is None:
        return _compiled(function, cache=False)
    before = numba_settings.CACHE_DIR
    numba_settings.CACHE_DIR = str(folder)
    try:
        return _compiled(function, cache=True)
    finally:
        numba_settings.CACHE_DIR = before


def part(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Compile `function` as a part of the kernels that call it; it may create arrays.

    Python cannot call it, and its machine code is kept with that of the kernels: what takes a tuple of
    arrays over from Python was as much code as the function itself.
    """
    return _compiled(function, no_cpython_wrapper=True)


def inner(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Compile `function` as a part of the kernels that call it; it must create no array.

    Nothing is allocated, so numba need not count the users of arrays, which it otherwise does,
    atomically, for every array of every tuple at every call: more than half of the search's time.
    A tuple of arrays is passed as all of its parts, so a call costs more than most of these
    functions do: they are always inlined. Python cannot call it: taking tuples of arrays over from
    Python would be a fourth of all that is compiled.
    """
    return _compiled(function, _nrt=False, forceinline=True, no_cpython_wrapper=True)


def _compiled(
    function: Callable[Arguments, Result], **options: bool
) -> Callable[Arguments, Result]:
    compiled: Callable[Arguments, Result] = njit(
        nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options
    )(function)
    return compiled


@cache
def _cache_folder() -> Path | None:
    name = f"kernels-{_fingerprint()}"
    return next((base / name for base in _bases() if _is_writable(base / name)), None)


def _bases() -> Iterator[Path]:
    if numba_settings.CACHE_DIR:
        yield Path(numba_settings.CACHE_DIR)
    yield SOURCES / "__pycache__"
    try:
        yield Path.home() / ".cache" / "dongne"
    except RuntimeError:  # an unprivileged user of a container may have no home
        return


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(SOURCES.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
