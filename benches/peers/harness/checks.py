"""Whether two programs found the same."""

BOUND = 1e-9

# Compared in the size of the largest of them: one that is nearly 0 has no digits of its own.
TOGETHER = {"coefficients", "vcov", "residuals"}

# (peer, value): how far it may be off, and why.
APPROXIMATE = {
    ("lifelines", "coefficients"): (1e-4, "its Newton steps stop early"),
    ("lifelines", "vcov"): (1e-4, "its Newton steps stop early"),
}


def bound(peer, name):
    return APPROXIMATE.get((peer, name), (BOUND, ""))[0]


def difference(name, found, expected):
    """The largest relative difference; infinite for another length or another missing value."""
    if len(found) != len(expected):
        return float("inf")
    if any((a is None) != (b is None) for a, b in zip(found, expected)):
        return float("inf")
    pairs = [(a, b) for a, b in zip(found, expected) if a is not None]
    largest = max((abs(b) for _, b in pairs), default=0.0)
    worst = 0.0
    for a, b in pairs:
        size = max(abs(a), largest if name in TOGETHER else abs(b))
        if a != b:
            worst = max(worst, abs(a - b) / size)
    return worst


def compare(peer, found, reference):
    """The largest difference of the values in common, and what fails."""
    worst, failures = 0.0, []
    names = [name for name in found if name in reference]
    if not names:
        return float("inf"), ["nothing to compare"]
    for name in names:
        off = difference(name, found[name], reference[name])
        worst = max(worst, off)
        if not off <= bound(peer, name):
            failures.append(f"{name} is off by {off:.1e}")
    return worst, failures
