"""A hash table in arrays: 8-byte keys, numbered in order of arrival, at some 20 bytes each."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable

_SMALLEST = 1 << 10


def key_of(*parts: bytes) -> int:
    """Eight bytes of a hash: a collision among ten million has odds of one in 300,000."""
    return int.from_bytes(hashlib.blake2b(b"\n".join(parts), digest_size=8).digest(), "little")


class Rows:
    """Keys by row, and rows by key.

    A dict of ten million would take more than a gigabyte; this takes a fifth of one.

    Attributes:
        keys: the key of each row, in order of arrival.
    """

    def __init__(self, keys: Iterable[int] = ()) -> None:
        """Number `keys`, which are distinct, from 0."""
        self.keys = array("Q", keys)
        self._slots = array("I")
        self._spread()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.keys)

    def find(self, key: int) -> int | None:
        """The row of `key`, or None."""
        found = self._slots[self._slot(key)]
        return found - 1 if found else None

    def add(self, key: int) -> int:
        """The row of `key`, which gets the next one if it has none."""
        slot = self._slot(key)
        if found := self._slots[slot]:
            return found - 1
        self.keys.append(key)
        if 3 * len(self.keys) > 2 * len(self._slots):
            self._spread()
        else:
            self._slots[slot] = len(self.keys)
        return len(self.keys) - 1

    def _slot(self, key: int) -> int:
        """Where the row of `key` is noted, or would be: the first such place after its hash."""
        keys, slots, last = self.keys, self._slots, len(self._slots) - 1
        slot = key & last
        while (found := slots[slot]) and keys[found - 1] != key:
            slot = (slot + 1) & last
        return slot

    def _spread(self) -> None:
        """Note every row anew, in twice the room that they need."""
        size = _SMALLEST
        while size < 2 * len(self.keys):
            size *= 2
        # Row 0 is noted as 1: 0 is an empty place.
        slots = self._slots = array("I", bytes(size * array("I").itemsize))
        last = size - 1
        for number, key in enumerate(self.keys, start=1):
            slot = key & last
            while slots[slot]:
                slot = (slot + 1) & last
            slots[slot] = number
