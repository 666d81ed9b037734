"""Single runs, or many seeds of one scenario: results, and tables of what was measured."""
import json
import tempfile
from pathlib import Path

from .command import call, options, scenario_argument
from .tables import read_csv

TEXT = ("scenario", "seed", "digest", "trace_hash", "server", "client", "leader", "zxid")


def seeds_of(seed):
    """The option for a seed, a range, or a list; None: those of the file."""
    if seed is None:
        return []
    if isinstance(seed, int):
        return [f"--seed={seed}"]
    return ["--seeds=" + ",".join(str(one) for one in seed)]


def run(scenario, seed=None, settings=None):
    """Results, one dict for each seed (`zabsim run --result`).

    `scenario`: a path, the id of a shipped one, or a dict.  `seed`: a number, or several.
    `settings`: values by JSON pointer, as --set.  A run that fails has a result too: its verdict.
    """
    path, text = scenario_argument(scenario)
    printed = call("run", path, "--quiet", "--result=-", *seeds_of(seed), *options(settings),
                   standard_input=text)
    return [result for result in map(json.loads, printed.splitlines()) if "seed" in result]


class Measured(dict):
    """Tables by name ("writes", "elections", "outages", ...), and `results`."""

    def __init__(self, tables, results):
        super().__init__(tables)
        self.results = results


def measure(scenario, seed=None, settings=None):
    """Runs, and their tables (`zabsim run --metrics`): scenarios/MEASURING.md, section 2."""
    path, text = scenario_argument(scenario)
    with tempfile.TemporaryDirectory() as folder:
        printed = call("run", path, "--quiet", "--result=-", f"--metrics={folder}", *seeds_of(seed),
                       *options(settings), standard_input=text)
        results = [result for result in map(json.loads, printed.splitlines()) if "seed" in result]
        return Measured({file.stem: read_csv(file, TEXT) for file in sorted(Path(folder).glob("*.csv"))},
                        results)
