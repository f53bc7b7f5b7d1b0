"""Random generators: what they go on from, as tagged data and back.

That is the state, and the seed sequence that `spawn` goes on from.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.isolation.channel import MAX_ITEMS, WireError

KINDS = (np.random.Generator, np.random.RandomState)
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
PERMUTED = ("PCG64", "PCG64DXSM")

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
    """Brings `old` to where `new` of the same kind is."""
    if isinstance(old, np.random.RandomState):
        old.set_state(new.get_state(legacy=False))
        return
    old.bit_generator.state = new.bit_generator.state
    seeds = old.bit_generator.seed_seq, new.bit_generator.seed_seq
    before, after = (getattr(seq, "n_children_spawned", 0) for seq in seeds)
    if 0 < after - before <= MAX_ITEMS:
        seeds[0].spawn(after - before)
