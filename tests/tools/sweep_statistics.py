#!/usr/bin/python3
"""The statistics of sweeps and comparisons against scipy: each figure of cells.csv and of `zabsim
compare --csv` is computed again from runs.csv.  Exit code 77: scipy is not installed."""
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

try:
    import numpy
    from scipy import stats
except ImportError:
    print("skipped: python3-scipy is not installed; tools/setup --test installs it")
    sys.exit(77)

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
QUANTILES = {"median": 0.5, "p90": 0.9, "p99": 0.99}
failures = []


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def check(where, found, wanted):
    """Both empty, or equal to six digits."""
    if wanted is None or found == "":
        fine = wanted is None and found == ""
    else:
        fine = abs(float(found) - wanted) <= 2e-6 * abs(wanted) + 0.51 * (abs(wanted) >= 1e6)
    if not fine:
        failures.append(f"{where}: found {found!r}, by scipy {wanted}")


def order_statistic(sample, quantile):
    """The ends of the interval: at most 2.5 % miss it on either side."""
    n = len(sample)
    lows = [rank for rank in range(1, n + 1) if stats.binom.cdf(rank - 1, n, quantile) <= 0.025]
    highs = [rank for rank in range(1, n + 1) if stats.binom.sf(rank - 1, n, quantile) <= 0.025]
    return (sample[max(lows) - 1] if lows else None, sample[min(highs) - 1] if highs else None)


def check_metric(row, sample):
    where = f"cell {row['cell']}, {row['metric']}"
    check(f"{where}, n", row["n"], len(sample))
    if not sample:
        return check(f"{where}, mean", row["mean"], None)
    check(f"{where}, mean", row["mean"], numpy.mean(sample))
    low = high = deviation = None
    if len(sample) > 1:
        deviation = numpy.std(sample, ddof=1)
        low = high = numpy.mean(sample)
        if deviation > 0:
            low, high = stats.t.interval(0.95, len(sample) - 1, numpy.mean(sample), stats.sem(sample))
    for name, wanted in (("mean_low", low), ("mean_high", high), ("sd", deviation),
                         ("min", min(sample)), ("max", max(sample))):
        check(f"{where}, {name}", row[name], wanted)
    for name, quantile in QUANTILES.items():
        low, high = order_statistic(sorted(sample), quantile)
        check(f"{where}, {name}", row[name], numpy.quantile(sample, quantile))
        check(f"{where}, {name}_low", row[f"{name}_low"], low)
        check(f"{where}, {name}_high", row[f"{name}_high"], high)
    return None


def check_share(row, count, total):
    where = f"cell {row['cell']}, {row['metric']}"
    check(f"{where}, mean", row["mean"], count / total)
    low, high = (0, min(1, 3 / total)) if count == 0 else (max(0, 1 - 3 / total), 1)
    if 0 < count < total:
        interval = stats.binomtest(count, total).proportion_ci(0.95, method="wilson")
        low, high = interval.low, interval.high
    check(f"{where}, mean_low", row["mean_low"], low)
    check(f"{where}, mean_high", row["mean_high"], high)


def holm(chances):
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    corrected, most = [0.0] * len(chances), 0.0
    for rank, i in enumerate(order):
        most = max(most, chances[i] * (len(chances) - rank))
        corrected[i] = min(most, 1.0)
    return corrected


def check_comparison(rows, first, second):
    chances = []
    for row in rows:
        where = f"compare {row['metric']}"
        a = {run["seed"]: float(run[row["metric"]]) for run in first if run[row["metric"]]}
        b = {run["seed"]: float(run[row["metric"]]) for run in second if run[row["metric"]]}
        seeds = [seed for seed in b if seed in a]
        if seeds:
            x, y = [a[seed] for seed in seeds], [b[seed] for seed in seeds]
            differences = numpy.subtract(y, x)
            chance = stats.ttest_rel(y, x).pvalue if differences.std() > 0 else float(all(differences == 0))
            low = high = differences.mean()
            if differences.std() > 0:
                low, high = stats.t.interval(0.95, len(x) - 1, low, stats.sem(differences))
        else:
            x, y = list(a.values()), list(b.values())
            chance = stats.ttest_ind(y, x, equal_var=False).pvalue
            low = high = None
        chances.append(chance)
        check(f"{where}, pairs", row["pairs"], len(seeds))
        check(f"{where}, difference", row["difference"], numpy.mean(y) - numpy.mean(x))
        if low is not None:
            check(f"{where}, low", row["low"], low)
            check(f"{where}, high", row["high"], high)
        check(f"{where}, p", row["p"], chance)
        check(f"{where}, a12", row["a12"],
              stats.mannwhitneyu(y, x).statistic / (len(x) * len(y)))
    for row, wanted in zip(rows, holm(chances)):
        check(f"compare {row['metric']}, p_holm", row["p_holm"], wanted)


def main():
    with tempfile.TemporaryDirectory() as folder:
        def zabsim(*arguments):
            done = subprocess.run([ZABSIM, *arguments], cwd=ROOT, capture_output=True, text=True)
            assert done.returncode in (0, 11, 13), done.stdout + done.stderr
        sys.path.insert(0, str(ROOT / "tests/tools"))
        from sweep import SMALL  # pylint: disable=import-outside-toplevel
        # A deadline that some runs miss, so that there are shares to estimate.
        scenario = SMALL | {"expect": {"deadlines": [{"from": "crash", "until": {"on": "established"},
                                                      "within": "1250ms"}]}}
        scenario["sweep"] = scenario["sweep"] | {"repeat": 40}
        path = Path(folder) / "small.json"
        path.write_text(json.dumps(scenario))
        zabsim("sweep", str(path), f"--out={folder}/a", "--quiet")
        zabsim("sweep", str(path), f"--out={folder}/b", "--quiet", "--set=/run/seeds/from=1000")
        runs = table(f"{folder}/a/runs.csv")
        by_cell = defaultdict(list)
        for run in runs:
            by_cell[run["cell"]].append(run)
        shares = 0
        for row in table(f"{folder}/a/cells.csv"):
            of_cell = by_cell[row["cell"]]
            if row["unit"] == "share":
                count = sum(run["verdict"] == row["metric"] for run in of_cell)
                shares += 0 < count < len(of_cell)
                check_share(row, count, len(of_cell))
            else:
                check_metric(row, [float(run[row["metric"]]) for run in of_cell if run[row["metric"]]])
        if not shares:
            failures.append("no share lies between none and all: Wilson's interval was not tried")
        zabsim("compare", f"{folder}/a@0", f"{folder}/a@3", f"--csv={folder}/paired.csv")
        check_comparison(table(f"{folder}/paired.csv"), by_cell["0"], by_cell["3"])
        zabsim("compare", f"{folder}/a@0", f"{folder}/b@1", f"--csv={folder}/welch.csv")
        other = [run for run in table(f"{folder}/b/runs.csv") if run["cell"] == "1"]
        check_comparison(table(f"{folder}/welch.csv"), by_cell["0"], other)
    print("\n".join(failures[:20]))
    print(f"{len(failures)} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
