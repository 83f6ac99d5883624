"""`make bench`: one interleaved run, its ratios, what 300,000 messages cost against 100,000, the page, Slack."""

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from adapters.wiring import calm
from benchmarks.contestants import CONTESTANTS, House, take
from benchmarks.traffic import CUSTOMERS, traffic

ROUNDS = 5
ANCHOR, ORM = "raw sqlite3, group 64", "async ORM session a message"
BARE, WHOLE = "house without analysis", "whole path, sealed"
SHARE = {ORM: 0.02}
TARGETS = {BARE: 0.5, WHOLE: 0.25}


def ratios(messages: int) -> bool:
    """Interleaved rounds of every contestant on its own file; medians of the ratios inside each round."""
    rates: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    with tempfile.TemporaryDirectory(prefix="kasuhara-bench-") as folder:
        files = (Path(folder) / f"{number}.db" for number in itertools.count())
        running = {name: make(next(files), CUSTOMERS) for name, make in CONTESTANTS.items()}
        sources = {name: traffic(messages * ROUNDS) for name in CONTESTANTS}
        for number in range(ROUNDS):
            for name, contestant in running.items():
                events = take(sources[name], max(int(messages * SHARE.get(name, 1)), 1))
                rates[name].append(len(events) / contestant.run(events))
                print(f"round {number + 1}/{ROUNDS}  {name:34} {rates[name][-1]:>9,.0f} messages/s")
        for contestant in running.values():
            contestant.close()
    return _table(rates)


def _table(rates: dict[str, list[float]]) -> bool:
    met = True
    print(f"\nmedian ratio to {ANCHOR}, inside each round:")
    for name in rates:
        ratio, target = _median(rates, name, ANCHOR), TARGETS.get(name)
        met &= target is None or ratio >= target
        print(f"  {name:34} {ratio:6.3f}" + (f"  (target {target})" if target else ""))
    print(f"against {ORM}:")
    for name in TARGETS:
        print(f"  {name:34} {_median(rates, name, ORM):5.0f}x" + ("  (target 30)" if name == BARE else ""))
    return met and _median(rates, BARE, ORM) >= 30


def _median(rates: dict[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))


def growth(small: int, large: int) -> bool:
    """Each size in a process of its own, the small one before and after the large one."""
    cost = {}
    runs = [_measured(small), _measured(large), _measured(small)]
    cost[small] = (runs[0]["seconds"] + runs[2]["seconds"]) / 2
    more = runs[1]["mib"] - max(runs[0]["mib"], runs[2]["mib"])
    ratio = runs[1]["seconds"] / cost[small]
    for run in runs:
        print(
            f"  {run['messages']:>9,} messages: {run['messages'] / run['seconds']:>8,.0f}/s, peak {run['mib']:.0f} MiB"
        )
    print(f"  {large:,} cost {ratio:.2f}x of {small:,} (target <= 3.6), {more:+.0f} MiB (target <= 50)")
    return ratio <= 3.6 and more <= 50


def _measured(messages: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one", str(messages)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(messages: int) -> None:
    """The whole path over 30 simulated days; making the messages is not timed."""
    with tempfile.TemporaryDirectory(prefix="kasuhara-bench-") as folder:
        house = House(Path(folder) / "one.db", CUSTOMERS, analysis=True)
        source, seconds = traffic(messages), 0.0
        while events := take(source, 4096):
            seconds += house.run(events)
        house.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"messages": messages, "seconds": seconds, "mib": peak}))


def main() -> int:
    words = argparse.ArgumentParser(prog="benchmarks")
    words.add_argument("--one", type=int)
    words.add_argument("--messages", type=int, default=6400, help="per contestant and round")
    words.add_argument("--small", type=int, default=100_000)
    words.add_argument("--slack", action="store_true", help="only the part with Slack")
    words.add_argument("--long", action="store_true", help="Slack for a minute instead of 20 s")
    args = words.parse_args()
    calm()
    if args.one:
        one(args.one)
        return 0
    from benchmarks import page, wire  # the tests' Slack is not to be in the memory that is measured

    started = time.perf_counter()
    met = True
    if not args.slack:
        met = ratios(args.messages)
        print("\n30 simulated days, 500 customers, the whole path:")
        met &= growth(args.small, 3 * args.small)
        met &= page.run()
    met &= wire.slack(60 if args.long else 20)
    print(f"\n{'all targets met' if met else 'TARGETS MISSED'} ({time.perf_counter() - started:.0f} s)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
