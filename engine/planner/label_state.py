"""The state of a search by labels: what waits, what was extended, and the best of each place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.planner.compiling import part
from engine.planner.options import Model
from engine.planner.problem import FloatArray, IntArray
from engine.planner.reaching import Reach, bound_gains

SLOTS = 256  # of time, in which labels wait to be extended
WAITING = 1 << 18  # labels that wait at once, at most
EXTENDED = 1 << 16  # labels extended, at most

USED, FREE, NODES, WORK, DROPPED, BEST = range(6)  # of a search
BEFORE, OPTION, COST, DEPTH, MINORITY, MISSING, GROUPS = range(7)  # of a node
NODE, NEXT = range(2)  # of a label that waits

UInt64Array = npt.NDArray[np.uint64]
Int32Array = npt.NDArray[np.int32]


class Waiting(NamedTuple):
    """Labels not yet extended, in blocks, one by slot of leaving and place; a pool of rows."""

    worth: FloatArray
    leave: FloatArray
    key: UInt64Array  # a hash of the stops visited
    link: Int32Array  # (rows, 2): the node before, the option
    after: IntArray  # of a free block the next one, −1 for none
    block: Int32Array  # (slots, n + 1)
    filled: Int32Array
    low: FloatArray  # the least worth of a full block, −inf for one that is not


class Nodes(NamedTuple):
    """Labels that have been extended; the last row is what all begin with."""

    worth: FloatArray
    leave: FloatArray
    tally: Int32Array  # (nodes, GROUPS + g)
    visited: UInt64Array  # (nodes, words), a bit for each stop
    repeats: UInt64Array  # (nodes, words), a bit for each repetition group; no words if free


class Front(NamedTuple):
    """For each place the best labels extended there, falling in worth."""

    worth: FloatArray  # (n + 1, width)
    node: IntArray
    size: IntArray  # (n + 1,)
    floor: FloatArray  # (n + 1,), the least worth of a full front, −inf for one that is not


class Labels(NamedTuple):
    """The state of one search."""

    reach: Reach
    bound: FloatArray  # (slots, n + 1), see `bound_gains`
    closed: UInt64Array  # (SLOTS + 2, words), stops that are closed by then
    gain: FloatArray  # (m,), of worth
    name: UInt64Array  # (n,), random
    waiting: Waiting
    nodes: Nodes
    front: Front
    tally: IntArray  # USED … BEST; BEST is a node, −1 for none
    best: FloatArray  # (1,), the value to beat
    order: IntArray  # scratch, as long as a block: half of the width is quicker for as much
    bonus: float  # of worth over value, for each thing that a route must have and has
    per_min: float  # slots of a minute


@part
def begin(model: Model, reach: Reach, value: float, width: int) -> Labels:
    """Return the search with one label, at the start."""
    n, words, room = model.stay.size, (model.stay.size + 63) // 64, (width + 1) // 2
    wanted = np.sum(model.required) + np.sum(model.at_least)
    bonus = 1.0 + 2.0 * np.sum(np.abs(model.score)) if wanted > 0 else 0.0
    per_min = SLOTS / max(model.time_budget, 1e-9)
    waiting = Waiting(
        np.empty(WAITING),
        np.empty(WAITING),
        np.empty(WAITING, np.uint64),
        np.empty((WAITING, 2), np.int32),
        np.empty(WAITING // room + 1, np.int64),
        np.empty((SLOTS + 2, n + 1), np.int32),
        np.zeros((SLOTS + 2, n + 1), np.int32),
        np.full((SLOTS + 2, n + 1), -np.inf),
    )
    nodes = Nodes(
        np.empty(EXTENDED + 1),
        np.empty(EXTENDED + 1),
        np.empty((EXTENDED + 1, GROUPS + model.at_most.size), np.int32),
        np.empty((EXTENDED + 1, words), np.uint64),
        np.empty((EXTENDED + 1, words if model.repetition_weight > 0 else 0), np.uint64),
    )
    front = Front(
        np.full((n + 1, width), -np.inf),
        np.zeros((n + 1, width), np.int64),
        np.zeros(n + 1, np.int64),
        np.full(n + 1, -np.inf),
    )
    tally = np.zeros(6, np.int64)
    tally[USED], tally[FREE], tally[BEST] = 1, -1, -1
    waiting.worth[0], waiting.leave[0], waiting.key[0] = 0.0, 0.0, np.uint64(0)
    waiting.link[0, NODE], waiting.link[0, NEXT] = -1, -1
    waiting.block[0, n], waiting.filled[0, n] = 0, 1
    nodes.tally[EXTENDED, :] = 0
    nodes.visited[EXTENDED, :] = np.uint64(0)
    nodes.repeats[EXTENDED, :] = np.uint64(0)
    nodes.tally[EXTENDED, MISSING] = wanted
    return Labels(
        reach,
        bound_gains(model, reach, bonus),
        _closed_by(model, per_min),
        model.score + bonus * model.required[model.stop],
        _names(n),
        waiting,
        nodes,
        front,
        tally,
        np.full(1, value + bonus * wanted),
        np.empty(room, np.int64),
        bonus,
        per_min,
    )


@part
def _names(n: int) -> UInt64Array:
    names, state = np.empty(n, np.uint64), np.uint64(1)
    for i in range(n):  # splitmix64
        state += np.uint64(0x9E3779B97F4A7C15)
        x = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        names[i] = x ^ (x >> np.uint64(31))
    return names


@part
def _closed_by(model: Model, per_min: float) -> UInt64Array:
    """Return for each slot a bit for each stop at which no stay can begin any more."""
    n = model.stay.size
    closed = np.zeros((SLOTS + 2, (n + 63) // 64), np.uint64)
    for i in range(n):
        last = -np.inf
        for o in range(model.first[i], model.first[i + 1]):
            last = max(last, model.latest[o])
        for s in range(SLOTS + 2):
            if last < s / per_min * (1.0 - 1e-9):
                closed[s, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    return closed
