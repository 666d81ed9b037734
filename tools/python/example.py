#!/usr/bin/env python3
# A notebook for those who like files: run it as a whole, or cell by cell in an editor that knows `# %%`.
# %% Where zabsim's package is, if it is not installed
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import zabsim

# %% One run: what came out of it
result = zabsim.run("leader-crash", seed=1)[0]
print(f"{result['scenario']}, seed {result['seed']}: {result['verdict']}, "
      f"{result['metrics']['elections']} elections")

# %% Ten seeds with another disk
slow = zabsim.run("leader-crash", seed=range(1, 11),
                  settings={"/disk/default/fsync": {"dist": "const", "value": "20ms"}})
print("verdicts with slow disks:", sorted({run["verdict"] for run in slow}))

# %% A trace: how long did each transaction take from its proposal to the commit at the leader?
trace = zabsim.trace("leader-crash", seed=1)
proposed = {row["zxid"]: row["t"] for row in trace.table("proposed")}
delays = [row["t"] - proposed[row["zxid"]] for row in trace.table("committed")
          if row.get("zxid") in proposed]
print(f"{len(delays)} commits, {sum(delays) / len(delays) / 1e6:.2f} ms in the mean")

# %% And why: the causes of the last commit, newest first
last = trace.table("committed").rows[-1]
for record in trace.causes(last["id"])[:4]:
    print(f"  {record['t'] / 1e9:.6f} s  {record.get('by', '')}  {record['on']}")

# %% Tables: every outage that a client has seen
measured = zabsim.measure("leader-crash", seed=[1, 2, 3])
for row in measured["outages"].where(lambda row: row["who"] != "ensemble"):
    print(f"  seed {row['seed']}, {row['who']}: {(row['end'] - row['start']) / 1e9:.3f} s")

# %% A sweep: the same story, with other ticks
story = json.loads((Path(__file__).parents[2] / "scenarios/leader-crash.json").read_text())
story["sweep"] = {"matrix": {"/timing/tick_time": ["200ms", "500ms"]}, "repeat": 5}
story["expect"] = {}  # Its deadlines are for its own ticks, its lesson for its own run.
del story["lesson"]
with tempfile.TemporaryDirectory() as folder:
    sweep = zabsim.sweep(story, out=folder)
    for row in sweep.metric("ensemble_unavailable"):
        print(f"  tick {row['/timing/tick_time']}: {row['mean'] / 1e9:.2f} s "
              f"({row['mean_low'] / 1e9:.2f} to {row['mean_high'] / 1e9:.2f}, n = {row['n']})")
    try:
        print(sweep.runs.frame()[["/timing/tick_time", "ensemble_unavailable"]].describe())
    except ImportError:
        print("with pandas, sweep.runs.frame() is a DataFrame")
