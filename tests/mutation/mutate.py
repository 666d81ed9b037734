#!/usr/bin/env python3
"""Which mutants of protocol/ do campaigns find?  See README.md beside this file.

    tests/mutation/mutate.py list     the sample, and what is left out, with counts
    tests/mutation/mutate.py run      builds the sample and tries it; goes on where it was stopped
    tests/mutation/mutate.py report   the score so far, in Markdown
"""
import argparse
import signal
import sys
from collections import Counter
from pathlib import Path

import candidates
import report
import sample
from build import Build, TARGETS
from trial import Trials

ROOT = Path(__file__).resolve().parents[2]


def say(text):
    print(text, file=sys.stderr, flush=True)


def folders():
    return ["protocol", *sorted(f"protocol/{path.name}" for path in (ROOT / "protocol").iterdir()
                                if path.is_dir())]


def left_out(mutants):
    """How many are left out by which rule."""
    for rule, count in Counter(m.rule for m in mutants if m.rule).most_common():
        yield f"left out: {count:5} {rule}"


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "run", "report"])
    parser.add_argument("--seed", default="1", help="of the sample (1)")
    parser.add_argument("--count", type=int, default=220, help="about so many mutants (220)")
    parser.add_argument("--roots", type=int, default=3, help="root seeds of campaigns, from 1 (3)")
    parser.add_argument("--budget", type=int, default=60, help="CPU seconds of a campaign (60)")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT",
                        help="only mutants whose key has this text in it")
    parser.add_argument("--no-tests", action="store_true", help="campaigns alone")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutation")
    parser.add_argument("--cmake", action="append", default=[], metavar="OPTION",
                        help="for the build, as in --cmake=-DCMAKE_CXX_FLAGS_RELEASE=-O1")
    return parser.parse_args(words)


def main():
    arguments = arguments_of(sys.argv[1:])
    out = arguments.out.resolve()
    mutants = candidates.find(ROOT, folders(), out / "candidates.json")
    drawn = sample.draw(mutants, arguments.seed, arguments.count)
    if arguments.command == "list":
        for mutant in drawn:
            print(f"{mutant.file}:{mutant.line}: {mutant.key.partition(' ')[2]}")
        print("\n".join(left_out(mutants)))
        return
    build = Build(ROOT, out, TARGETS[:1] if arguments.no_tests else TARGETS, arguments.cmake, say)
    trials = Trials(ROOT, build, out / f"results-{arguments.seed}.json", arguments, say)
    if arguments.command == "run":
        trials.run([(number, mutant) for number, mutant in enumerate(build.make(drawn), 1)
                    if not arguments.only or any(text in mutant.key for text in arguments.only)])
    built = build.buildable(drawn)
    rest = f"left out: {len(drawn) - len(built):5} of the sample do not compile"
    print(report.markdown(built, trials.current(), [*left_out(mutants), rest], arguments))


if __name__ == "__main__":
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
