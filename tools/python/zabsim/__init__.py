"""zabsim for Python: runs, sweeps, traces and tables, with the standard library alone.

    import zabsim
    result = zabsim.run("leader-crash", seed=1)[0]
    sweep = zabsim.sweep("scenarios/studies/outage.json", out="outage")
    sweep.runs.where(excluded=None).frame().groupby("servers").ensemble_unavailable.mean()

Times are integers, nanoseconds of virtual time, as in all of zabsim.  Where pandas is installed,
Table.frame() gives a DataFrame.
"""
from .command import ZabsimError, program
from .runs import Measured, measure, run
from .sweeps import Sweep, read_sweep, sweep
from .tables import Table, read_csv
from .traces import Trace, read_trace, trace

__all__ = ["Measured", "Sweep", "Table", "Trace", "ZabsimError", "measure", "program", "read_csv",
           "read_sweep", "read_trace", "run", "sweep", "trace"]
