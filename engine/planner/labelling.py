"""
Labels: dynamic programming over place and time, of bounded width, for routes beyond exact search.

A label is a partial route. All labels are extended in the order of time, each by every option that
can come next. One is dropped when another at the same place left no later, is worth no less and
has visited nothing that the first could still visit (dominance as in Feillet, Dejax, Gendreau and
Gueguen, Networks 44 (2004) 216–229), when what can follow cannot beat the best route known, or
when `width` labels as early are worth as much. The last rule makes it a heuristic; it costs
milliseconds and finds other routes than local search does, which is why both are run.
"""

from __future__ import annotations

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.label_state import (
    BEFORE,
    BEST,
    COST,
    DEPTH,
    DROPPED,
    EXTENDED,
    FREE,
    GROUPS,
    MINORITY,
    MISSING,
    NEXT,
    NODE,
    NODES,
    OPTION,
    SLOTS,
    USED,
    WAITING,
    WORK,
    Front,
    Labels,
    Nodes,
    begin,
)
from engine.planner.options import Model
from engine.planner.problem import IntArray
from engine.planner.reaching import Reach, may_still


@kernel
def label(
    model: Model, reach: Reach, value: float, width: int, cap: int
) -> tuple[IntArray, float, bool, int]:
    """
    Return the options of the best route worth more than `value`, or none; its value or `value`;
    whether every label was seen; and the work done, in options looked at.
    """
    labels = begin(model, reach, value, width)
    waiting, tally, is_whole = labels.waiting, labels.tally, True
    for slot in range(SLOTS + 2):
        for place in range(model.stay.size + 1):
            if waiting.filled[slot, place] > 0:
                _extend_all(model, labels, slot, place)
        if tally[WORK] > cap:
            is_whole = False
            break
    wanted = labels.nodes.tally[EXTENDED, MISSING]
    found = labels.best[0] - labels.bonus * wanted
    length, node = 0, tally[BEST]
    while node > 0:
        length, node = length + 1, labels.nodes.tally[node, BEFORE]
    options, node = np.empty(length, np.int64), tally[BEST]
    for k in range(length - 1, -1, -1):
        options[k], node = labels.nodes.tally[node, OPTION], labels.nodes.tally[node, BEFORE]
    return options, found, is_whole and tally[DROPPED] == 0, tally[WORK]


@inner
def _extend_all(model: Model, labels: Labels, slot: int, place: int) -> None:
    """Extend the labels that wait in a slot at a place, the best first, and free their rows."""
    waiting, tally, order = labels.waiting, labels.tally, labels.order
    block, listed = waiting.block[slot, place], waiting.filled[slot, place]
    first = int(block) * order.size
    for r in range(listed):
        at, row = r, first + r
        while at > 0 and waiting.worth[order[at - 1]] < waiting.worth[row]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
    for r in range(listed):
        row = order[r]
        if waiting.worth[row] <= labels.front.floor[place] or tally[NODES] == EXTENDED:
            tally[DROPPED] += 1
        elif _enter(model, labels, row, slot, place):
            _end_here(model, labels, place)
            if labels.nodes.tally[tally[NODES] - 1, DEPTH] < model.max_stops:
                _extend(model, labels, slot, place, waiting.key[row])
    waiting.after[block] = tally[FREE]
    tally[FREE] = block


@inner
def _enter(model: Model, labels: Labels, row: int, slot: int, place: int) -> bool:
    """Make a node of the label in `row`, unless it is dominated or cannot lead to a better route."""
    waiting, nodes, front, tally = labels.waiting, labels.nodes, labels.front, labels.tally
    worth, leave = waiting.worth[row], waiting.leave[row]
    if (
        worth + may_still(labels.bound, leave * labels.per_min * (1.0 / SLOTS), place)
        <= labels.best[0]
    ):
        return False
    node = tally[NODES]
    before, option = waiting.link[row, NODE], waiting.link[row, NEXT]
    _copy_node(nodes, before if option >= 0 else EXTENDED, node)
    nodes.worth[node], nodes.leave[node] = worth, leave
    nodes.tally[node, BEFORE], nodes.tally[node, OPTION] = before, option
    if option >= 0:
        _count(model, nodes, node, option)
    at = 0
    while at < front.size[place] and front.worth[place, at] >= worth:
        if _dominates(labels, front.node[place, at], node, slot):
            return False
        at += 1
    _advance(front, place, at, node, worth)
    tally[NODES] += 1
    return True


@inner
def _advance(front: Front, place: int, at: int, node: int, worth: float) -> None:
    """Put `node` into the front of `place`, before the label that is `at` now."""
    width = front.worth.shape[1]
    last = min(front.size[place], width - 1)
    for k in range(last, at, -1):
        front.worth[place, k] = front.worth[place, k - 1]
        front.node[place, k] = front.node[place, k - 1]
    front.worth[place, at], front.node[place, at] = worth, node
    front.size[place] = last + 1
    if front.size[place] == width:
        front.floor[place] = front.worth[place, width - 1]


@inner
def _copy_node(nodes: Nodes, source: int, target: int) -> None:
    for c in range(nodes.tally.shape[1]):
        nodes.tally[target, c] = nodes.tally[source, c]
    for w in range(nodes.visited.shape[1]):
        nodes.visited[target, w] = nodes.visited[source, w]
    for w in range(nodes.repeats.shape[1]):
        nodes.repeats[target, w] = nodes.repeats[source, w]


@inner
def _count(model: Model, nodes: Nodes, node: int, option: int) -> None:
    stop, tally = model.stop[option], nodes.tally
    tally[node, COST] += model.cost[stop]
    tally[node, DEPTH] += 1
    tally[node, MINORITY] += model.minority[stop]
    tally[node, MISSING] -= model.required[stop]
    nodes.visited[node, stop >> 6] |= np.uint64(1) << np.uint64(stop & 63)
    if nodes.repeats.shape[1] > 0 and model.repetition[stop] >= 0:
        kind = model.repetition[stop]
        nodes.repeats[node, kind >> 6] |= np.uint64(1) << np.uint64(kind & 63)
    for q in range(model.group_first[option], model.group_first[option + 1]):
        g = model.group[q]
        if tally[node, GROUPS + g] < model.at_least[g]:
            tally[node, MISSING] -= 1
        tally[node, GROUPS + g] += 1


@inner
def _dominates(labels: Labels, one: int, other: int, slot: int) -> bool:
    """Tell whether `one`, which is worth as much, can do all that `other` can."""
    nodes = labels.nodes
    if nodes.leave[one] > nodes.leave[other]:
        return False
    if nodes.tally[one, COST] > nodes.tally[other, COST]:
        return False
    for w in range(nodes.visited.shape[1]):
        if nodes.visited[one, w] & ~labels.closed[slot, w] & ~nodes.visited[other, w]:
            return False
    return True


@inner
def _end_here(model: Model, labels: Labels, place: int) -> None:
    """Keep the newest node as the best route when it is feasible and better."""
    nodes, node = labels.nodes, labels.tally[NODES] - 1
    depth, worth = nodes.tally[node, DEPTH], nodes.worth[node]
    if depth > 0:
        worth -= model.travel_weight * model.travel[place, model.stay.size + 1]
    if worth <= labels.best[0] or nodes.tally[node, MISSING] > 0:
        return
    if 2 * nodes.tally[node, MINORITY] > depth or nodes.tally[node, COST] > model.cost_budget:
        return
    for g in range(model.at_most.size):
        if nodes.tally[node, GROUPS + g] > model.at_most[g]:
            return
    labels.best[0] = worth
    labels.tally[BEST] = node


@inner
def _extend(model: Model, labels: Labels, slot: int, place: int, key: np.uint64) -> None:
    """Offer every option that can follow the newest node."""
    nodes, reach, tally = labels.nodes, labels.reach, labels.tally
    node = tally[NODES] - 1
    worth, leave = nodes.worth[node], nodes.leave[node]
    for r in range(reach.first[place], reach.first[place + 1]):
        if reach.until[r] < leave:
            break
        option = reach.option[r]
        stop = model.stop[option]
        tally[WORK] += 1
        if worth + labels.gain[option] <= labels.front.floor[stop]:
            tally[DROPPED] += 1
        elif _is_new(nodes, node, stop):
            _offer(model, labels, slot, place, option, key ^ labels.name[stop])


@inner
def _is_new(nodes: Nodes, node: int, stop: int) -> bool:
    bit = (nodes.visited[node, stop >> 6] >> np.uint64(stop & 63)) & np.uint64(1)
    return bool(bit == np.uint64(0))


@inner
def _has_room(model: Model, nodes: Nodes, node: int, option: int) -> bool:
    if nodes.tally[node, COST] + model.cost[model.stop[option]] > model.cost_budget:
        return False
    for q in range(model.group_first[option], model.group_first[option + 1]):
        g = model.group[q]
        if nodes.tally[node, GROUPS + g] >= model.at_most[g]:
            return False
    return True


@inner
def _offer(
    model: Model, labels: Labels, slot: int, place: int, option: int, key: np.uint64
) -> None:
    """Let the newest node, extended by `option`, wait, if it is among the best of its list."""
    nodes, waiting, tally = labels.nodes, labels.waiting, labels.tally
    node, stop = tally[NODES] - 1, model.stop[option]
    way = model.travel[place, stop]
    arrival = nodes.leave[node] + way
    begin = max(arrival, model.opens[option])
    leave = begin + model.stay[stop]
    if arrival > model.latest[option]:
        return
    if leave + model.travel[stop, model.stay.size + 1] > model.time_budget:
        return
    worth = nodes.worth[node] + _gain(model, labels, node, option)
    worth -= model.travel_weight * way + model.wait_weight * (begin - arrival)
    until = max(slot + 1, int(leave * labels.per_min))
    if until > SLOTS + 1 or worth < waiting.low[until, stop]:
        tally[DROPPED] += 1
    elif not _has_room(model, nodes, node, option):
        return
    elif (
        worth + may_still(labels.bound, leave * labels.per_min * (1.0 / SLOTS), stop)
        > labels.best[0]
    ):
        row = _row_for(labels, until, stop, key, worth, leave)
        if row >= 0:
            waiting.worth[row], waiting.leave[row], waiting.key[row] = worth, leave, key
            waiting.link[row, NODE], waiting.link[row, NEXT] = node, option
            _note_low(labels, until, stop)


@inner
def _gain(model: Model, labels: Labels, node: int, option: int) -> float:
    """Return the gain of `option` in worth, without the way and the wait."""
    nodes, kind = labels.nodes, model.repetition[model.stop[option]]
    gain = labels.gain[option]
    if nodes.repeats.shape[1] > 0 and kind >= 0:
        seen = (nodes.repeats[node, kind >> 6] >> np.uint64(kind & 63)) & np.uint64(1)
        gain -= model.repetition_weight * float(seen)
    if labels.bonus > 0.0:
        for q in range(model.group_first[option], model.group_first[option + 1]):
            if nodes.tally[node, GROUPS + model.group[q]] < model.at_least[model.group[q]]:
                gain += labels.bonus
    return float(gain)


@inner
def _row_for(
    labels: Labels, slot: int, stop: int, key: np.uint64, worth: float, leave: float
) -> int:
    """Return the row that a label takes in a block, −1 when the block has no use for it."""
    waiting, tally, width = labels.waiting, labels.tally, labels.order.size
    count = waiting.filled[slot, stop]
    if count == 0 and not _take_block(labels, slot, stop):
        return -1
    first = int(waiting.block[slot, stop]) * width
    worst = first
    for row in range(first, first + count):
        if waiting.key[row] == key:
            is_better = worth > waiting.worth[row] or leave < waiting.leave[row]
            return row if is_better and worth >= waiting.worth[row] else -1
        if waiting.worth[row] < waiting.worth[worst]:
            worst = row
    if count < width:
        waiting.filled[slot, stop] += 1
        return first + int(count)
    tally[DROPPED] += 1
    is_tie = worth == waiting.worth[worst] and leave < waiting.leave[worst]
    return worst if worth > waiting.worth[worst] or is_tie else -1


@inner
def _take_block(labels: Labels, slot: int, stop: int) -> bool:
    waiting, tally = labels.waiting, labels.tally
    block = tally[FREE]
    if block >= 0:
        tally[FREE] = waiting.after[block]
    elif (tally[USED] + 1) * labels.order.size <= WAITING:
        block = tally[USED]
        tally[USED] += 1
    else:
        tally[DROPPED] += 1
        return False
    waiting.block[slot, stop] = block
    return True


@inner
def _note_low(labels: Labels, slot: int, stop: int) -> None:
    waiting, width = labels.waiting, labels.order.size
    if waiting.filled[slot, stop] == width:
        first, low = int(waiting.block[slot, stop]) * width, np.inf
        for row in range(first, first + width):
            low = min(low, waiting.worth[row])
        waiting.low[slot, stop] = low
