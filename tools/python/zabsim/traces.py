"""Traces: everything that happened in a run, record by record."""
import json
import tempfile
from pathlib import Path

from .command import call, options, scenario_argument
from .runs import seeds_of
from .tables import Table


class Trace:
    """`header`: what was run; `records`: dicts, by id from 1; `result`."""

    def __init__(self, lines):
        first, *records, last = map(json.loads, lines)
        self.header = first
        self.records = records
        self.result = last["result"]

    def table(self, on=None):
        """The records as a Table; with `on`, those of one probe, such as "committed"."""
        rows = [record for record in self.records if on in (None, record["on"])]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        return Table(columns, ({column: row.get(column) for column in columns} for row in rows))

    def causes(self, identifier):
        """The record and what led to it, back to the first cause."""
        chain = []
        while identifier:
            chain.append(self.records[identifier - 1])
            identifier = chain[-1]["cause"]
        return chain


def read_trace(path, *filters):
    """The trace in a file.  `filters`: options of `zabsim trace`, such as "--server=n1"."""
    return Trace(call("trace", path, "--json", *filters).splitlines())


def trace(scenario, seed=1, settings=None):
    """Runs one seed and gives its trace."""
    path, text = scenario_argument(scenario)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trace"
        call("run", path, "--quiet", f"--trace={file}", *seeds_of(seed), *options(settings),
             standard_input=text)
        return read_trace(file)
