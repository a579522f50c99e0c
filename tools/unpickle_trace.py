#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Turns a pickled pandas table of diode curves (IVonne recordings, *.iv) into CSV for ebb.

    tools/unpickle_trace.py jogging_10m.iv > jogging.csv

A pickle may run any code when it is read. This reader only lets through the classes of numpy and pandas that a
table of numbers is made of; anything else ends it. Columns wanted: time [s], a [A], b [A], c [1/V]; a row is the
curve I(V) = a - b (e^(c V) - 1) and holds until the next row. Needs pandas (tools/setup plot).
"""
import argparse
import math
import pickle
import sys

ALLOWED = {
    ("builtins", "slice"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.numeric", "_frombuffer"),
    ("pandas._libs.internals", "_unpickle_block"),
    ("pandas.core.frame", "DataFrame"),
    ("pandas.core.indexes.base", "Index"),
    ("pandas.core.indexes.base", "_new_Index"),
    ("pandas.core.indexes.numeric", "Float64Index"),
    ("pandas.core.indexes.numeric", "Int64Index"),
    ("pandas.core.indexes.range", "RangeIndex"),
    ("pandas.core.internals.managers", "BlockManager"),
}


class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"the pickle asks for {module}.{name}, which no table of numbers needs")
        return super().find_class(module, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pickle", help="the recording")
    path = parser.parse_args().pickle
    try:
        with open(path, "rb") as file:
            table = Restricted(file).load()
        columns = [table[name].to_numpy(dtype=float) for name in ("time", "a", "b", "c")]
    except (OSError, pickle.UnpicklingError, KeyError, AttributeError, ValueError, ImportError) as error:
        sys.exit(f"{path}: {error}")
    print("time_s,iv_a_a,iv_b_a,iv_c_per_v")
    for number, row in enumerate(zip(*columns), start=1):
        if not all(map(math.isfinite, row)):
            sys.exit(f"{path}: row {number} holds {row}, expected four finite numbers")
        print(",".join(repr(float(value)) for value in row))


if __name__ == "__main__":
    main()
