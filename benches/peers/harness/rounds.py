"""Programs that take turns, so that what else the machine does meets all of them alike."""

import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Callable

# Above this many seconds one call is enough.
LONG = 60.0

# Calls of a process below a second, and of one above. The first does not count: it meets memory that the system has
# given to nobody before.
CALLS = 6
CALLS_OF_LONG = 2


def say(text):
    print(text, file=sys.stderr, flush=True)


@dataclass
class Program:
    """One of those that take turns, and what came of it."""

    name: str
    run: Callable  # with a number of calls; returns what it printed
    seconds: list[float] = field(default_factory=list)  # of each round
    printed: dict | None = None  # the last time
    failure: str | None = None
    calls: int = CALLS
    is_done: bool = False

    def call(self, times):
        """The seconds of the calls; none where it failed, and from then on."""
        try:
            self.printed = self.run(times)
            return self.printed["seconds"]
        except RuntimeError as error:
            self.failure = f"{self.name}: {error}"
            return []

    def try_once(self):
        """A call that says how many are to follow; the only one where it takes long."""
        found = self.call(1)
        self.calls = CALLS if sum(found) < 1.0 else CALLS_OF_LONG
        self.seconds = [second for second in found if second > LONG]
        self.is_done = bool(self.seconds)

    def take_turn(self):
        if self.is_done or self.failure:
            return
        say(f"    {self.name}")
        if found := self.call(self.calls):
            # A program leaves out what follows a call that took long.
            self.seconds.append(median(found[1:] or found))

    def result(self):
        """What it printed, with the seconds of all rounds; `None` where it failed."""
        return None if self.failure else {**self.printed, "seconds": self.seconds}


def take_turns(programs, rounds):
    """Runs all programs once a round, each in a process of its own."""
    say("  how long they take")
    for program in programs:
        program.try_once()
    for number in range(rounds):
        say(f"  round {number + 1} of {rounds}")
        for program in programs:
            program.take_turn()
