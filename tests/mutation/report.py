"""The score in Markdown: by folder, by operator, by what kills; and the survivors."""
import statistics
from collections import Counter, defaultdict
from pathlib import Path

from sample import folder_of
from trial import verdict

HERE = Path(__file__).resolve().parent


def arguments_for_equivalence():
    """{key: why no run can tell the mutant from the original}, from equivalent.txt."""
    reasons, key = {}, None
    for line in (HERE / "equivalent.txt").read_text().splitlines():
        if line.startswith("  ") and key:
            reasons[key] = (reasons.get(key, "") + " " + line.strip()).strip()
        elif line and not line.startswith("#"):
            key = line
    return reasons


def class_of(mutant, kept, reasons):
    if mutant.key not in kept:
        return "untried"
    found = verdict(kept[mutant.key])
    return "equivalent" if mutant.key in reasons and found not in ("campaigns", "some") else found


CLASSES = ["campaigns", "some", "tests", "survived", "untested", "equivalent", "untried"]
HEAD = """\
| {what} | mutants | campaigns | not every seed | tests only | survived | untested | equivalent | untried | score |
|---|---|---|---|---|---|---|---|---|---|"""


def row(name, classes):
    count = Counter(classes)
    tried = len(classes) - count["equivalent"] - count["untried"]
    score = f"{100 * count['campaigns'] / tried:.0f} %" if tried else "-"
    return f"| {name} | {len(classes)} | {' | '.join(str(count[c]) for c in CLASSES)} | {score} |"


def table(what, drawn, classes, group):
    groups = defaultdict(list)
    for mutant, found in zip(drawn, classes):
        groups[group(mutant)].append(found)
    yield HEAD.format(what=what)
    for name in sorted(groups):
        yield row(name, groups[name])
    yield row("all", classes)
    yield ""


def successes(drawn, kept):
    """The campaigns that found something."""
    return [campaign for m in drawn if m.key in kept
            for campaign in kept[m.key]["campaigns"].values() if campaign["by"]]


def killers(drawn, kept):
    count = Counter(campaign["by"] for campaign in successes(drawn, kept))
    yield "| found by | campaigns |\n|---|---|"
    for name, times in count.most_common():
        yield f"| {name} | {times} |"
    yield ""


def listed(drawn, classes, which, kept, reasons):
    for mutant, found in zip(drawn, classes):
        if found != which:
            continue
        yield f"* {mutant.file}:{mutant.line}, {mutant.function}, {mutant.operator}"
        if which != "equivalent":
            yield f"  ```diff\n  - {mutant.original}\n  + {mutant.mutated}\n  ```"
        if mutant.key in reasons:
            yield f"  `{mutant.mutated or 'deleted'}`: {reasons[mutant.key]}"
        elif which in ("tests", "some"):
            tests = kept[mutant.key]["tests"]
            by = [f"root seed {root}: {campaign['by'] or 'nothing'}"
                  for root, campaign in kept[mutant.key]["campaigns"].items()]
            yield f"  {tests['by'] if which == 'tests' else ', '.join(by)}"
    yield ""


def markdown(drawn, kept, left_out, arguments):
    reasons = arguments_for_equivalence()
    classes = [class_of(m, kept, reasons) for m in drawn]
    lines = [f"# Mutants of protocol/: sample {arguments.seed}, {arguments.roots} root seeds, "
             f"{arguments.budget} CPU seconds", ""]
    lines += table("folder", drawn, classes, folder_of)
    lines += table("operator", drawn, classes, lambda m: m.operator)
    times = [campaign["cpu"] for campaign in successes(drawn, kept)]
    if times:
        lines += [f"CPU seconds to the finding: median {statistics.median(times):.2f}, "
                  f"largest {max(times):.2f}, of {len(times)} campaigns.", ""]
    lines += killers(drawn, kept)
    for which, title in (("survived", "Survivors"), ("untested", "Missed by campaigns, tests not run"),
                         ("tests", "Killed by tests only"),
                         ("some", "Not found from every root seed"), ("equivalent", "Equivalent")):
        lines += [f"## {title}", "", *listed(drawn, classes, which, kept, reasons)]
    wrong = [f"* {m.key}" for m, found in zip(drawn, classes)
             if m.key in reasons and found in ("campaigns", "some")]
    if wrong:
        lines += ["## Argued to be equivalent, and yet killed by campaigns", "", *wrong, ""]
    return "\n".join([*lines, "```", *left_out, "```"])
