"""Adds the mutants that do not compile to the list LEFT_OUT, by the errors of a build with all of them:
left_out.py FOLDER. Fails if an error is that of no mutant."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
mutants = json.loads((folder / "list.json").read_text())
branches = {}
for line in (folder / "places").read_text().splitlines():
    file, start, end, number = line.split()
    branches.setdefault(file, []).append((int(start), int(end), int(number)))


def numbers(spans, belongs):
    return {
        number
        for span in spans
        for start, end, number in branches.get(span["file_name"], [])
        if belongs(start, end, span["byte_start"], span["byte_end"], mutants[number]["genre"])
    }


def inside(start, end, of_error, end_of_error, genre):
    return start <= of_error and end_of_error <= end


def around(start, end, of_error, end_of_error, genre):
    return of_error <= start and end <= end_of_error


def arm_after(start, end, of_error, end_of_error, genre):
    """Without one of its last arms a `match` leaves something out; those of the same are near."""
    return genre == "MatchArm" and end_of_error <= start <= end_of_error + 1500


left_out = set()
for line in (folder / "check.json").read_text().splitlines():
    error = json.loads(line).get("message") or {}
    if error.get("level") != "error":
        continue
    spans = error["spans"]
    main = [span for span in spans if span["is_primary"]]
    if (error["code"] or {}).get("code") == "E0004":
        left_out |= numbers(main, arm_after)
    elif spans:
        of_error = (
            numbers(main, inside) or numbers(spans, inside) or numbers(main, around) or numbers(spans, around)
        )
        if not of_error:
            sys.exit(f"an error of no mutant: {error['rendered']}")
        left_out |= of_error
with (folder / "left_out").open("a") as file:
    file.writelines(f"{number}\n" for number in sorted(left_out))
