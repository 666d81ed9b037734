#!/usr/bin/env python3
"""Makes a worked study again: its sweep, and the tables of its pages.

    study.py NAME... [--zabsim=PATH] [--out=DIR] [--pages=DIR] [--set=/pointer=value]...

NAME is a file of scenarios/studies/ without .json.  Its sweep goes to DIR/NAME (build/studies/NAME),
where an unfinished one is gone on with.  In the pages, NAME.md and NAME.zh.md, each

    <!-- table METRIC rows=PARAMETER,... columns=PARAMETER [unit=s] [statistic=mean] -->
    ...
    <!-- end -->

gets a table: rows and columns are the values of parameters, a cell is the statistic of the metric with
its 95 % interval.  --pages: write the pages there instead.
"""
import argparse
import csv
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ROOT / "scenarios/studies"
MARK = re.compile(r"(<!-- table (\S+) ([^>]*)-->\n)(.*?)(<!-- end -->)", re.S)
DIVISORS = {"ns": {"s": 1e9, "ms": 1e6, "us": 1e3}, "1/1000s": {"/s": 1e3}, "bytes": {"KiB": 1024, "MiB": 1 << 20}}


def number(text, divisor):
    """Four digits."""
    return f"{float(text) / divisor:.4g}"


def cell_text(row, statistic, divisor):
    if row is None or row[statistic] == "":
        return ""
    low, high = row[f"{statistic}_low"], row[f"{statistic}_high"]
    text = number(row[statistic], divisor)
    if not low and not high:
        return text
    return f"{text} ({number(low, divisor) if low else ''} – {number(high, divisor) if high else ''})"


def make_table(cells, metric, options):
    found = [row for row in cells if row["metric"] == metric]
    if not found:
        sys.exit(f"study.py: wanted a metric of the sweep, found {metric}")
    divisor = DIVISORS.get(found[0]["unit"], {}).get(options.get("unit"), 1)
    names = options["rows"].split(",")
    column = options.get("columns")
    heads = list(dict.fromkeys(row[column] for row in found)) if column else [metric]
    labels = list(dict.fromkeys(tuple(row[name] for name in names) for row in found))
    lines = ["| " + " | ".join([*names, *(f"{column} {head}" if column else head for head in heads)]) + " |",
             "|" + "---|" * (len(names) + len(heads))]
    for label in labels:
        texts = []
        for head in heads:
            row = next((row for row in found if tuple(row[name] for name in names) == label
                        and (not column or row[column] == head)), None)
            texts.append(cell_text(row, options.get("statistic", "mean"), divisor))
        lines.append("| " + " | ".join([*label, *texts]) + " |")
    return "\n".join(lines) + "\n"


def fill(page, cells):
    def replaced(match):
        options = dict(word.split("=", 1) for word in match[3].split())
        return match[1] + make_table(cells, match[2], options) + match[5]
    return MARK.sub(replaced, page)


def make(name, arguments):
    out = Path(arguments.out) / name
    command = [arguments.zabsim, "sweep", f"scenarios/studies/{name}.json", f"--out={out}",
               *(f"--set={text}" for text in arguments.set)]
    print(" ".join(command), flush=True)
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode != 0:
        sys.exit(f"study.py: {name}: exit code {done.returncode}")
    with open(out / "cells.csv", newline="", encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    for page in (f"{name}.md", f"{name}.zh.md"):
        text = fill((STUDIES / page).read_text(encoding="utf-8"), cells)
        (Path(arguments.pages) / page).write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--zabsim", default=str(ROOT / "build/release/zabsim"))
    parser.add_argument("--out", default=str(ROOT / "build/studies"))
    parser.add_argument("--pages", default=str(STUDIES))
    parser.add_argument("--set", action="append", default=[])
    arguments = parser.parse_args()
    for name in arguments.names:
        if not (STUDIES / f"{name}.json").exists():
            known = ", ".join(sorted(path.stem for path in STUDIES.glob("*.json")))
            sys.exit(f"study.py: wanted a study ({known}), found {name}")
        make(name, arguments)


if __name__ == "__main__":
    main()
