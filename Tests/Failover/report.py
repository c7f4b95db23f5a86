"""What an event cost: what was acknowledged, lost and doubled, what clients saw, how long they waited."""

import collections
import dataclasses
import statistics

from customers import acknowledged

# From the moment that a plain client could commit to the first payment that was answered.
FIRST_SECONDS_MEDIAN = 1.0
FIRST_SECONDS_WORST = 2.0


def told(value, form):
    """A number as text; a dash when there is none."""
    return "-" if value is None else format(value, form)


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def largest(values):
    return max((value for value in values if value is not None), default=None)


def delay(recoveries, moments):
    """The longest time from a recovery to the first of some moments that is not before it; None without either.

    Recoveries after the last moment are left out: nobody asked any more.
    """
    firsts = [(one.moment, next((moment for moment in moments if moment >= one.moment), None)) for one in recoveries]
    return largest(first - recovered for recovered, first in firsts if first is not None)


@dataclasses.dataclass
class Seen:
    """What one event cost; seconds are None when the cluster could write throughout."""

    acknowledged: int
    lost: list
    doubled: list
    errors: collections.Counter
    unavailable: float | None
    ready: float | None
    first: float | None
    longest: float

    @classmethod
    def of(cls, customers, recoveries, readiness, lost, doubled):
        answers = sorted((answer for one in customers for answer in one.answers), key=lambda answer: answer[0])
        paid = [moment for moment, path, status, _ in answers if status == 200 and path == "/pay"]
        errors = collections.Counter(code if status is None else f"{status} {code}" for _, _, status, code in answers if status != 200)
        served = [moment for moment, _, status, _ in answers if status == 200]
        return cls(
            acknowledged=acknowledged(customers),
            lost=lost,
            doubled=doubled,
            errors=errors,
            unavailable=largest(one.outage for one in recoveries),
            ready=delay(recoveries, sorted(readiness)),
            first=delay(recoveries, paid),
            longest=max(after - before for before, after in zip(served, served[1:])),
        )

    @property
    def wrong(self):
        return [f"LOST {sentence}" for sentence in self.lost] + [f"DOUBLED {sentence}" for sentence in self.doubled]

    def __str__(self):
        errors = ", ".join(f"{count} x {name}" for name, count in self.errors.most_common()) or "no errors"
        said = f"{self.acknowledged} acknowledged, {len(self.lost)} lost, {len(self.doubled)} doubled; {errors}; nobody was served for {self.longest:.2f} s"
        if self.first is None:
            return said
        return f"{said}, no leader could write for {self.unavailable:.2f} s, ledger ready {told(self.ready, '.2f')} s and first payment {self.first:.2f} s later"


class Report:
    def __init__(self):
        self.seen = collections.defaultdict(list)

    def add(self, kind, seen):
        self.seen[kind].append(seen)

    @property
    def everything(self):
        return [seen for kind in self.seen.values() for seen in kind]

    def check(self):
        """Whether payments came soon enough."""
        firsts = [seen.first for seen in self.everything]
        assert largest(firsts) is not None or not any("leader" in kind for kind in self.seen), "no leader was seen to be away"
        said = f"first payment after {told(median(firsts), '.2f')} s (median), {told(largest(firsts), '.2f')} s (worst)"
        assert (median(firsts) or 0) <= FIRST_SECONDS_MEDIAN, f"{said}: the median may be {FIRST_SECONDS_MEDIAN} s"
        assert (largest(firsts) or 0) <= FIRST_SECONDS_WORST, f"{said}: the worst may be {FIRST_SECONDS_WORST} s"
        return said

    def table(self):
        head = ("", "events", "acknowledged", "lost", "doubled", "errors", "no leader", "unserved", "ready", "first", "worst")
        rows = [head, *(self.row(kind, seen) for kind, seen in self.seen.items()), self.row("all", self.everything)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))) for row in rows]
        notes = "seconds, medians: without a writable leader, without an answer; from a writable leader to a ledger that serves, to a payment"
        return "\n".join(["", *lines, notes])

    @staticmethod
    def row(name, seen):
        sums = [len(seen), sum(one.acknowledged for one in seen), sum(len(one.lost) for one in seen), sum(len(one.doubled) for one in seen)]
        sums.append(sum(one.errors.total() for one in seen))
        times = [median(one.unavailable for one in seen), median(one.longest for one in seen), median(one.ready for one in seen), median(one.first for one in seen)]
        return (name, *map(str, sums), *(told(value, ".2f") for value in [*times, largest(one.first for one in seen)]))
