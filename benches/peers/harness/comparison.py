"""Runs the cases and writes the table.

The programs of a case take turns, so that what else the machine does meets all of them alike: each runs
once a round, in a process of its own.
"""

import sys
from functools import partial
from statistics import median

from . import checks, programs


def say(text):
    print(text, file=sys.stderr, flush=True)


# Above this many seconds one call is enough.
LONG = 60.0

# Calls of a process below a second, and of one above. The first does not count: it meets memory that the system has
# given to nobody before.
CALLS = 6
CALLS_OF_LONG = 2


def in_rounds(who, runs, rounds):
    """Runs each program once a round. What it printed last, with the seconds of all rounds, and what failed."""
    seconds, last, failures = {}, {}, {}

    def call(number, name, run, calls):
        say(f"  {number} of {rounds}: {name}")
        try:
            last[name] = run(calls)
        except RuntimeError as error:
            failures[name] = error
        return last[name]["seconds"] if name not in failures else []

    # A first call says how many are to follow.
    calls = {}
    for name, run in zip(who, runs):
        seconds[name] = call(0, name, run, 1)
        calls[name] = CALLS if sum(seconds[name]) < 1.0 else CALLS_OF_LONG
    short = [name for name in who if name not in failures and sum(seconds[name]) <= LONG]
    seconds.update({name: [] for name in short})
    for number in range(rounds):
        for name, run in zip(who, runs):
            if name in short and name not in failures:
                seconds[name] += [median(found[1:]) for found in [call(number + 1, name, run, calls[name])] if found]
    found = [{**last[name], "seconds": seconds[name]} if name not in failures else None for name in who]
    return found, [f"{name}: {error}" for name, error in failures.items()]


def compare(case, folder, peers, rounds):
    """The rows of one case, and what failed."""
    called = [peer for peer in case.peers if peer.peer in peers]
    who = ["riskset", "riskset, two threads", *(f"{peer.peer} {peer.call}" for peer in called)]
    runs = [
        partial(programs.run_riskset, folder, case.call, threads=1),
        partial(programs.run_riskset, folder, case.call, threads=2),
        *(partial(programs.run_peer, peer.peer, folder, peer.call) for peer in called),
    ]
    (ours, on_two, *results), failures = in_rounds(who, runs, rounds)
    failures = [f"{case.name}: {failure}" for failure in failures]
    found = list(zip(called, results))
    if ours is None or on_two is None:
        return [], failures

    if ours["values"] != on_two["values"]:
        failures.append(f"{case.name}: riskset has other bits on two threads")
    # The reference is the first peer that ran; the others, riskset among them, are held against it.
    reference_peer, reference = next(((p, r) for p, r in found if r), (None, ours))
    if reference_peer:
        off, wrong = checks.compare(reference_peer.peer, ours["values"], reference["values"])
        failures += [f"{case.name}: riskset against {reference_peer.call}: {text}" for text in wrong]
    rows = []
    for peer, result in found:
        if result is None:
            continue
        if result is reference:
            worst = off
        else:
            worst, wrong = checks.compare(peer.peer, result["values"], reference["values"])
            failures += [f"{case.name}: {peer.peer} {peer.call}: {text}" for text in wrong]
        rows.append(row(case, peer, result, ours, on_two, worst))
    if not found:
        rows.append(row(case, None, None, ours, on_two, None))
    return rows, failures


def row(case, peer, result, ours, on_two, worst):
    one, two = median(ours["seconds"]), median(on_two["seconds"])
    theirs = median(result["seconds"]) if result else None
    return {
        "case": case.name,
        "title": case.title.format(rows=f"{case.data.rows:,}"),
        "peer": peer.peer if peer else None,
        "call": peer.shown if peer else None,
        "peer_seconds": theirs,
        "peer_runs": len(result["seconds"]) if result else 0,
        "riskset_seconds": one,
        "riskset_seconds_on_two": two,
        "ratio": theirs / one if theirs else None,
        "ratio_on_two": theirs / two if theirs else None,
        "wanted": peer.wanted if peer else None,
        "wanted_on_two": peer.wanted_on_two if peer else None,
        "wanted_seconds": case.wanted_seconds,
        "difference": worst,
    }


NAMES = {"R": "R", "survival": "Rust survival", "lifelines": "lifelines", "sksurv": "scikit-survival"}


def table(rows):
    head = "| work | peer | peer | riskset | ratio | two threads | ratio | wanted | largest difference | runs |"
    lines = [head, "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    before = None
    for row in rows:
        first = row["case"] != before
        before = row["case"]
        cells = [
            row["title"] if first else "",
            f"{NAMES[row['peer']]} {row['call']}" if row["peer"] else "none",
            time(row["peer_seconds"]),
            time(row["riskset_seconds"]) if first else "",
            times(row["ratio"]),
            time(row["riskset_seconds_on_two"]) if first else "",
            times(row["ratio_on_two"]),
            wanted(row, first),
            f"{row['difference']:.0e}" if row["difference"] is not None else "",
            str(row["peer_runs"] or ""),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def wanted(row, first):
    parts = [f"{row[key]:g}×{on}" for key, on in (("wanted", ""), ("wanted_on_two", " on two")) if row[key]]
    if first and row["wanted_seconds"]:
        parts.append(f"below {time(row['wanted_seconds'])}")
    return ", ".join(parts)


def times(ratio):
    return f"{ratio:.1f}×" if ratio else ""


def time(seconds):
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= 0.9995 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"
