"""Tries mutants, each on the tests that reach it: tried.py FOLDER MINUTES SEED [PATTERN...]. With patterns only
those in files of such paths, the files of the first pattern before those of the second. What survives its
quick tests waits until all others have met theirs, as it will most often survive the rest, too. As many are tried
at once as the environment variable JOBS says, or two."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

folder, minutes, seed = Path(sys.argv[1]).resolve(), float(sys.argv[2]), int(sys.argv[3])
patterns = sys.argv[4:]
jobs = int(os.environ.get("JOBS", "2"))
until = time.time() + 60 * minutes
# Seconds of tests that a mutant meets before it waits.
SOON = 5.0


def built(kind):
    """The program with the tests of the library, `lib`, or with the others, `test`."""
    messages = map(json.loads, (folder / "built.json").read_text().splitlines())
    return next(
        message["executable"]
        for message in messages
        if message.get("executable") and message["target"]["kind"] == [kind]
    )


programs = {kind: built(kind) for kind in ("lib", "test")}


def run(kind, tests, seconds, **environment):
    """The exit status and the output of some tests. Their time has a limit, as a loop may be without an
    end; it is that of the processor, to be fair on a busy machine."""

    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))

    # The unstable option ends a run at its first failure.
    arguments = ["-Zunstable-options", "--fail-fast", "--test-threads", "1", "--exact", *tests]
    done = subprocess.run(
        [programs[kind], *arguments],
        cwd=folder / "tree",
        env=os.environ | {"RUSTC_BOOTSTRAP": "1", "RUST_BACKTRACE": "0"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=limits,
    )
    return done.returncode, done.stdout


def reached(test):
    """Which mutants a test comes by, and the time it takes of the processor."""
    kind, name = test
    path = folder / "reached" / f"{kind}-{name.replace('::', '-')}"
    path.unlink(missing_ok=True)
    start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    status, _ = run(kind, [name], 600, REACHED=str(path))
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start
    if status != 0:
        print("fails without a mutant, and is left out:", name)
        return None
    numbers = [int(number) for number in path.read_text().split()] if path.exists() else []
    return {"kind": kind, "name": name, "seconds": seconds, "numbers": numbers}


def record():
    (folder / "reached").mkdir(exist_ok=True)
    tests = []
    for kind, program in programs.items():
        names = [
            {line for line in listed.stdout.splitlines() if line.endswith(": test")}
            for listed in (
                subprocess.run([program, "--list", *which], text=True, capture_output=True, check=True)
                for which in ([], ["--ignored"])
            )
        ]
        tests += [(kind, line.removesuffix(": test")) for line in sorted(names[0] - names[1])]
    return [test for test in map(reached, tests) if test]


def in_order(tests, catching):
    """First the quick tests that caught others of the same file, as they most often catch the next one too; then
    all others, the quick ones first. In chunks of one program each."""
    known = [test for test in tests if test["seconds"] < 1.0 and catching[test["kind"], test["name"]]]
    known.sort(key=lambda test: (test["seconds"] + 0.01) / catching[test["kind"], test["name"]])
    known = known[:12]
    others = sorted((test for test in tests if test not in known), key=lambda test: test["seconds"])
    yield from by_program(known)
    chunk, seconds, limit = [], 0.0, 0.5
    for test in others:
        chunk.append(test)
        seconds += test["seconds"]
        if seconds > limit:
            yield from by_program(chunk)
            chunk, seconds, limit = [], 0.0, min(3 * limit, 8.0)
    yield from by_program(chunk)


def by_program(tests):
    for kind in programs:
        of_kind = [test for test in tests if test["kind"] == kind]
        if of_kind:
            yield kind, [test["name"] for test in of_kind], sum(test["seconds"] for test in of_kind)


def attempt(number):
    """What becomes of a mutant, unless the time is over: which program caught it, if any, and by which test; or
    which tests it has met before it waits."""
    if time.time() > until:
        return None
    mutant = listed[number]
    catching = caught_by.setdefault(mutant["file"], Counter())
    result = {"number": number, "name": mutant["name"], "tests": 0, "caught": None}
    met = waiting.get(number, {}).get("met", [])
    tests = [test for test in reaching.get(number, []) if [test["kind"], test["name"]] not in met]
    result["tests"], spent, soon = len(met), 0.0, number not in waiting
    for kind, tests, seconds in in_order(tests, catching):
        if soon and spent > SOON:
            return result | {"met": met}
        spent += seconds
        met += [[kind, name] for name in tests]
        result["tests"] += len(tests)
        status, output = run(kind, tests, int(4 + 10 * seconds), MUTANT=str(number))
        if status != 0:
            failed = [line.split()[1] for line in output.splitlines() if line.endswith("... FAILED")]
            catching.update((kind, name) for name in failed)
            return result | {"caught": kind, "by": failed or status}
    return result


recorded = folder / "recorded.json"
if not recorded.exists():
    recorded.write_text(json.dumps(record()))
reaching = {}
for test in json.loads(recorded.read_text()):
    for number in test["numbers"]:
        reaching.setdefault(number, []).append(test)

listed = json.loads((folder / "list.json").read_text())
compiled = {int(line.split()[-1]) for line in (folder / "places").read_text().splitlines()}
order = list(range(len(listed)))
random.Random(seed).shuffle(order)
files = sorted({mutant["file"] for mutant in listed})
if patterns:
    files = list(dict.fromkeys(file for pattern in patterns for file in files if fnmatch(file, pattern)))
    order = [number for file in files for number in order if listed[number]["file"] == file]
results = folder / "results.jsonl"
results.touch()


def latest():
    """What is known of each mutant: those that are done, and those that wait."""
    known = {result["number"]: result for result in map(json.loads, results.read_text().splitlines())}
    return (
        {number: result for number, result in known.items() if "met" not in result},
        {number: result for number, result in known.items() if "met" in result},
    )


caught_by = {}
done, waiting = latest()
for number, result in done.items():
    if isinstance(result.get("by", 0), list):
        of_file = caught_by.setdefault(listed[number]["file"], Counter())
        of_file.update((result["caught"], name) for name in result["by"])
with results.open("a") as file, ThreadPoolExecutor(jobs) as pool:
    for those_that_wait in (False, True):
        done, waiting = latest()
        left = waiting.keys() if those_that_wait else compiled - done.keys() - waiting.keys()
        for result in pool.map(attempt, [number for number in order if number in left]):
            if result:
                print(json.dumps(result), file=file, flush=True)

wanted = set(order)
tried = [result for number, result in latest()[0].items() if number in wanted]
last = max(map(order.index, (result["number"] for result in tried)), default=-1)
broken = sum(number not in compiled for number in order[: last + 1])
print(f"{broken + len(tried)} of {len(order)} mutants, {broken} of which do not compile; caught by:")
print(dict(Counter(result["caught"] for result in tried)))
left = Counter(listed[number]["file"] for number in wanted & compiled - {result["number"] for result in tried})
print(len(wanted & latest()[1].keys()), "of them wait for their slow tests")
print("complete:", *(file for file in files if not left[file]))
for result in tried:
    if result["caught"] is None:
        print(result["name"], "survives", result["tests"], "tests")
