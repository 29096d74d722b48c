"""What riskset takes as rows and columns grow: time, memory, allocations; and the bootstrap."""

from math import log
from statistics import median

from . import programs
from .comparison import time
from .rounds import say

ROWS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
COLUMNS = (1, 2, 5, 10, 20, 50, 100, 200)
OTHERS = ("kaplan_meier", "log_rank", "concordance", "score_residuals", "proportionality")


def measured(call, rows, columns, runs):
    """Median seconds, and peak memory above the caller's arrays, in a process of its own."""
    say(f"  {call}, {rows:,} × {columns}")
    result = programs.run([programs.riskset("growth"), call, rows, columns, runs])
    return median(result["seconds"]), result["memory"]


def input_bytes(rows, columns):
    """Time, event and covariates."""
    return rows * (8 + 1 + 8 * columns)


def memory(rows, columns, whole):
    """Cells: the peak from arrays, and of the fit alone when data and design are there, ÷ the input."""
    _, fit = measured("cox_of_design", rows, columns, 1)
    size = input_bytes(rows, columns)
    return f"{size / 1e6:.1f} MB | {whole / size:.2f} | {fit / size:.2f}"


MEMORY = "input | above it, from arrays | above it and the design, of the fit"


def by_rows(runs, most):
    lines = [f"| rows | Cox, 20 columns | ÷ n ln n | {MEMORY} |", "|---:|---:|---:|---:|---:|---:|"]
    for rows in (rows for rows in ROWS if rows <= most):
        seconds, peak = measured("cox", rows, 20, min(runs, 3) if rows >= 10_000_000 else runs)
        per = seconds / (rows * log(rows)) * 1e9
        lines.append(f"| {rows:,} | {time(seconds)} | {per:.1f} ns | {memory(rows, 20, peak)} |")
    return "\n".join(lines)


def by_columns(runs, rows):
    lines = [f"| columns | Cox, {rows:,} rows | grows as p to the | {MEMORY} |", "|---:|---:|---:|---:|---:|---:|"]
    before = None
    for columns in COLUMNS:
        seconds, peak = measured("cox", rows, columns, runs)
        power = f"{log(seconds / before[1]) / log(columns / before[0]):.2f}" if before else ""
        before = (columns, seconds)
        lines.append(f"| {columns} | {time(seconds)} | {power} | {memory(rows, columns, peak)} |")
    return "\n".join(lines)


def of_others(runs, most):
    sizes = [rows for rows in ROWS if rows <= min(most, 1_000_000)]
    lines = [
        "| ÷ n ln n, 5 columns | " + " | ".join(f"{rows:,}" for rows in sizes) + " |",
        "|---|" + "---:|" * len(sizes),
    ]
    for call in OTHERS:
        per = [measured(call, rows, 5, runs)[0] / (rows * log(rows)) * 1e9 for rows in sizes]
        lines.append(f"| {call.replace('_', ' ')} | " + " | ".join(f"{value:.1f} ns" for value in per) + " |")
    return "\n".join(lines)


def of_a_trial(data, runs):
    """2,000 bootstrap fits of a trial, and what one fit allocates."""
    say("  bootstrap and allocations, 326 × 12")
    one = programs.run_riskset(data, "bootstrap", runs, 1)
    two = programs.run_riskset(data, "bootstrap", runs, 2)
    failures = []
    if one["values"] != two["values"]:
        failures.append("bootstrap: other bits on two threads")
    if one["values"]["replicates"] != [2000.0]:
        failures.append("bootstrap: some of 2,000 fits failed")
    count = programs.run([programs.riskset("allocations"), 326, 12])
    lines = [
        "| 326 × 12 | |",
        "|---|---:|",
        f"| 2,000 bootstrap fits, one thread | {time(median(one['seconds']))} |",
        f"| 2,000 bootstrap fits, two threads | {time(median(two['seconds']))} |",
        f"| allocations of one fit | {count['fit']} |",
        f"| bytes they take together | {count['fit_bytes']:,} |",
        f"| allocations of data and design | {count['data_and_design']} |",
    ]
    return "\n".join(lines), failures
