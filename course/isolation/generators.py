"""Random generators: what they go on from, as tagged data and back.

That is the state, and the seed sequence that `spawn` goes on from.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.isolation.channel import MAX_ITEMS, WireError

KINDS = (np.random.Generator, np.random.RandomState)
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
PERMUTED = {"PCG64": 0x2360ED051FC65DA44385DF649FCCF645, "PCG64DXSM": 0xDA942042E4DD58B5}
MAX_DRAWS = 2**40
MAX_BLOCKS = 20_000
BLOCK = 624
MASK = 2**128 - 1

Part = Callable[[Any], Any]


def write(rng: Any, part: Part) -> Any:
    """A generator as tagged data; see `course.isolation.values`."""
    legacy = isinstance(rng, np.random.RandomState)
    bits = rng._bit_generator if legacy else rng.bit_generator
    name = type(bits).__name__
    if name not in BIT_GENERATORS:
        raise WireError(f"a random generator of the kind {name} is not supported")
    seed = _write_seed(getattr(bits, "seed_seq", None), part)
    state = rng.get_state(legacy=False) if legacy else bits.state
    if not legacy and name in PERMUTED:  # the usual one, and the fast way
        inner = state["state"]
        parts = hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"]
        return ["rng", legacy, name, seed, ["pcg", *parts]]
    return ["rng", legacy, name, seed, part(state)]


def _write_seed(seq: Any, part: Part) -> Any:
    if not isinstance(seq, np.random.SeedSequence):
        return None
    entropy = [None] if seq.entropy is None else np.atleast_1d(seq.entropy).tolist()
    spawn_key = list(map(int, seq.spawn_key))
    return [part(entropy), part(spawn_key), seq.pool_size, seq.n_children_spawned]


def read(rest: Any, part: Part) -> Any:
    """A generator that goes on where the one that was written was."""
    legacy, name, seed, state = rest
    if name not in BIT_GENERATORS:
        raise WireError("a random generator of this kind is not supported")
    bits = getattr(np.random, name)(0 if seed is None else _read_seed(seed, part))
    state = _read_state(name, state, part)
    if not legacy:
        bits.state = state
        return np.random.Generator(bits)
    rng = np.random.RandomState(bits)
    rng.set_state(state)
    return rng


def _read_seed(seed: Any, part: Part) -> np.random.SeedSequence:
    entropy, spawn_key, pool_size, children = seed
    entropy = part(entropy)
    return np.random.SeedSequence(
        entropy if len(entropy) != 1 else entropy[0],
        spawn_key=tuple(part(spawn_key)),
        pool_size=pool_size,
        n_children_spawned=children,
    )


def _read_state(name: str, state: Any, part: Part) -> Any:
    if not (isinstance(state, list) and state[:1] == ["pcg"]):
        return part(state)
    _, inner, increment, has, uinteger = state
    return {
        "bit_generator": name,
        "state": {"state": int(inner, 16), "inc": int(increment, 16)},
        "has_uint32": has,
        "uinteger": uinteger,
    }


def catch_up(old: Any, new: Any) -> None:
    """Brings `old` to where `new` of the same kind is, if drawing from it leads there.

    So whoever was lent a generator can use it, but cannot choose what it gives next.
    """
    if type(old) is not type(new):
        return
    if isinstance(old, np.random.RandomState):
        if _draws_on(old, new):
            old.set_state(new.get_state(legacy=False))
        return
    before, after = old.bit_generator, new.bit_generator
    if type(before) is not type(after) or not _leads_to(before, after):
        return
    before.state = after.state
    children = [getattr(each.seed_seq, "n_children_spawned", 0) for each in (before, after)]
    if 0 < children[1] - children[0] <= MAX_ITEMS:
        before.seed_seq.spawn(children[1] - children[0])


def _leads_to(before: Any, after: Any) -> bool:
    """Whether some number of draws leads from one state to the other.

    Which number is found bit by bit, as the generator's author does it: 2**n draws are a step of
    the same form as one.
    """
    multiplier = PERMUTED.get(type(before).__name__)
    if multiplier is None:
        return False
    here, there = before.state["state"], after.state["state"]
    if here["inc"] != there["inc"]:
        return False
    state, increment, bit, draws = here["state"], here["inc"], 1, 0
    while state != there["state"] and draws < MAX_DRAWS:
        if (state ^ there["state"]) & bit:
            state = (state * multiplier + increment) & MASK
            draws += bit
        increment = (multiplier + 1) * increment & MASK
        multiplier = multiplier * multiplier & MASK
        bit <<= 1
    return draws < MAX_DRAWS


def _draws_on(before: np.random.RandomState, after: np.random.RandomState) -> bool:
    """The same for the older generator, by drawing a block at a time."""
    tried: Any = np.random.MT19937()
    wanted = after.get_state(legacy=False)
    if wanted["bit_generator"] != "MT19937":
        return False
    tried.state = before.get_state(legacy=False)
    for _ in range(MAX_BLOCKS):
        if np.array_equal(tried.state["state"]["key"], wanted["state"]["key"]):
            return True
        tried.random_raw(BLOCK, output=False)
    return False
