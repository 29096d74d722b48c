"""Runs the cases and writes the table."""

from functools import partial
from statistics import median

from . import checks, programs
from .rounds import Program, take_turns


def compare(case, folder, peers, rounds):
    """The rows of one case, and what failed."""
    called = [peer for peer in case.peers if peer.peer in peers]
    on_threads = [partial(programs.run_riskset, folder, case.call, threads=threads) for threads in (1, 2)]
    turns = [Program(name, run) for name, run in zip(("riskset", "riskset, two threads"), on_threads)]
    for peer in called:
        turns.append(Program(f"{peer.peer} {peer.call}", partial(programs.run_peer, peer.peer, folder, peer.call)))
    take_turns(turns, rounds)
    failures = [f"{case.name}: {turn.failure}" for turn in turns if turn.failure]
    ours, on_two, *results = [turn.result() for turn in turns]
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
