"""The Python side: run.py PEER DATA CALL RUNS. One file a peer, with a function a call.

A call is given the data and returns what to time and how to take from its result the numbers by which
it is checked. The rules of timing are those of ../protocol/src/timer.rs.
"""

import gc
import importlib
import json
import math
import sys
import time
import warnings
from functools import cached_property
from pathlib import Path

import numpy as np

LONG = 60.0
SHORT = 0.05


class Data:
    """The columns of a data set, each read when it is first asked for."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def column(self, name):
        return np.fromfile(self.folder / f"{name}.f64", dtype="<f8")

    @cached_property
    def time(self):
        return self.column("time")

    @cached_property
    def event(self):
        return self.column("event") == 1.0

    @cached_property
    def group(self):
        return self.column("group").astype(int)

    @cached_property
    def score(self):
        return self.column("score")

    @cached_property
    def x(self):
        by_column = self.column("x").reshape(-1, len(self.time))
        return np.ascontiguousarray(by_column.T)


def seconds_of(body, repeats):
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeats):
        result = body()
    return (time.perf_counter() - start) / repeats, result


def timed(body, runs):
    first, result = seconds_of(body, 1)
    if first > LONG:
        return [first], result
    repeats = math.ceil(SHORT / first)
    before = [first] if first > SHORT else []
    return before + [seconds_of(body, repeats)[0] for _ in range(runs - len(before))], result


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


def main():
    peer, folder, call, runs = sys.argv[1:]
    warnings.simplefilter("ignore")
    body, values = getattr(importlib.import_module(f"{peer}_calls"), call)(Data(folder))
    seconds, result = timed(body, int(runs))
    values = {name: [number(v) for v in np.ravel(value)] for name, value in values(result).items()}
    print(json.dumps({"seconds": seconds, "values": values}))


if __name__ == "__main__":
    main()
