#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns a recording of IVonne (a pandas DataFrame in a Python pickle, `.iv`) into csv.

    tools/convert_ivonne.py jogging_10m.iv jogging.csv

Each row describes a solar cell's curve at one moment: I(V) = a - b (exp(c V) - 1), with a and b in ampere
and c in 1/volt. Written are time_s, a_a, b_a and c_inverse_volt, 17 digits each, so that no bit is lost.

A pickle is a program. Here it gets no functions: the few names of pandas and numpy that such a file holds
stand for the plain classes below, every other name is refused, and neither package is needed.
"""

import array
import hashlib
import pickle
import sys

COLUMNS = ("time", "a", "b", "c")
HEADER = "time_s,a_a,b_a,c_inverse_volt"


class Stand:
    """Takes the place of an object and remembers what it was made from."""

    def __init__(self, *arguments):
        self.arguments = arguments
        self.state = None

    def __setstate__(self, state):
        self.state = state


class Dtype(Stand):
    pass


class Ndarray(Stand):
    def values(self):
        """The elements in the order of memory, and whether columns come first there (Fortran)."""
        _, shape, dtype, fortran, raw = self.state
        if dtype.arguments[0].startswith("O"):
            return shape, fortran, list(raw)
        if dtype.arguments[0] != "f8" or dtype.state[1] not in ("<", "="):
            raise ValueError(f"numbers of type {dtype.arguments[0]}, expected 8-byte floating point")
        numbers = array.array("d", raw)
        if sys.byteorder == "big":
            numbers.byteswap()
        return shape, fortran, numbers


def reconstruct(*_):
    return Ndarray()


def new_index(_, state):
    index = Stand()
    index.state = state
    return index


class DataFrame(Stand):
    pass


class BlockManager(Stand):
    pass


ALLOWED = {
    ("pandas.core.frame", "DataFrame"): DataFrame,
    ("pandas.core.internals.managers", "BlockManager"): BlockManager,
    ("pandas.core.indexes.base", "_new_Index"): new_index,
    ("pandas.core.indexes.base", "Index"): Stand,
    ("pandas.core.indexes.range", "RangeIndex"): Stand,
    ("numpy.core.multiarray", "_reconstruct"): reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): reconstruct,
    ("numpy", "ndarray"): Ndarray,
    ("numpy", "dtype"): Dtype,
    ("builtins", "slice"): slice,
}


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which is not allowed") from None


def rows_of(block):
    """A block of a DataFrame holds columns as rows: one list of numbers for each."""
    shape, fortran, numbers = block.values()
    columns, length = shape
    if fortran:
        return [numbers[i::columns] for i in range(columns)]
    return [numbers[i * length:(i + 1) * length] for i in range(columns)]


def columns_of(frame):
    """Name -> numbers of a DataFrame's state as pandas writes it."""
    manager = frame.state["_mgr"] if isinstance(frame.state, dict) else frame.state
    state = manager.state
    extra = next(part for part in state if isinstance(part, dict))["0.14.1"]
    items = extra["axes"][0].state["data"].values()[2]
    found = {}
    for block in extra["blocks"]:
        place = block["mgr_locs"]
        numbers = rows_of(block["values"])
        positions = range(*place.indices(len(items))) if isinstance(place, slice) else place.values()[2]
        for position, column in zip(positions, numbers, strict=True):
            found[items[position]] = column
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    try:
        with open(sys.argv[1], "rb") as file:
            found = columns_of(Reader(file).load())
    except (pickle.UnpicklingError, ValueError, KeyError, AttributeError, TypeError, EOFError, StopIteration) as error:
        sys.exit(f"{sys.argv[1]}: not a recording of IVonne: {error}")
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        sys.exit(f"{sys.argv[1]}: no column {', '.join(missing)}; columns: {', '.join(map(str, found))}")
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("# solar cell by one diode per row: I(V) = a - b (exp(c V) - 1)\n")
        out.write(f"# sha256 of the source: {hashlib.sha256(data).hexdigest()}\n")
        out.write(HEADER + "\n")
        for row in zip(*(found[name] for name in COLUMNS), strict=True):
            out.write(",".join(repr(value) for value in row) + "\n")


if __name__ == "__main__":
    main()
