#!/usr/bin/python3
"""tools/python/zabsim as researchers use it, and its example, which is run as it stands."""
import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
os.environ.setdefault("ZABSIM", str(ROOT / "build/release/zabsim"))
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools/python"))
import zabsim

STORY = "scenarios/leader-crash.json"
needs_pandas = unittest.skipUnless(
    importlib.util.find_spec("pandas") or os.environ.get("ZAB_NEVER_SKIP"), "python3-pandas is missing")


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name) / "table.csv"
        file.write_text('who,seed,time,share,"a ""name"""\nn1,7,5,0.5,x\nn2,8,,1,"y,z"\nn1,9,7,,\n')
        self.table = zabsim.read_csv(file, ["seed"])

    def test_values_have_their_types(self):
        self.assertEqual(self.table.rows[1], {"who": "n2", "seed": "8", "time": None, "share": 1,
                                              'a "name"': "y,z"})
        self.assertEqual(self.table["share"], [0.5, 1, None])
        with self.assertRaises(KeyError):
            self.table["wo"]

    def test_rows_are_chosen_grouped_and_averaged(self):
        self.assertEqual(self.table.where(who="n1")["time"], [5, 7])
        self.assertEqual(self.table.where(lambda row: row["time"] is None)["who"], ["n2"])
        groups = self.table.by("who")
        self.assertEqual({who: len(rows) for who, rows in groups.items()}, {"n1": 2, "n2": 1})
        self.assertEqual(groups["n1"].mean("time"), 6)
        self.assertIsNone(groups["n2"].mean("time"))
        self.assertEqual(list(self.table.by("who", "seed")), [("n1", "7"), ("n2", "8"), ("n1", "9")])

    def test_frames_need_pandas(self):
        with unittest.mock.patch.dict(sys.modules, {"pandas": None}), self.assertRaises(ImportError):
            self.table.frame()

    @needs_pandas
    def test_frames_have_the_same_values(self):
        frame = self.table.frame()
        self.assertEqual(list(frame.columns), self.table.columns)
        self.assertEqual(frame.groupby("who").time.mean().loc["n1"], 6)
        self.assertEqual(list(frame.seed), ["7", "8", "9"])
        self.assertEqual(frame.time.isna().sum(), 1)


class Runs(unittest.TestCase):
    def setUp(self):
        os.chdir(ROOT)

    def test_results_are_those_of_the_command(self):
        results = zabsim.run(STORY, seed=[1, 5])
        self.assertEqual([result["seed"] for result in results], ["1", "5"])
        self.assertEqual(results[0]["verdict"], "held")
        self.assertEqual(zabsim.run("leader-crash", seed=5)[0]["trace_hash"],
                         results[1]["trace_hash"])
        short = zabsim.run(STORY, seed=1, settings={"/end/virtual": "12s", "/expect/deadlines": []})
        self.assertEqual(short[0]["virtual_time"], 12_000_000_000)

    def test_a_scenario_may_be_a_dict(self):
        import json
        story = json.loads((ROOT / STORY).read_text())
        story["end"]["virtual"] = "13s"
        self.assertEqual(zabsim.run(story, seed=1)[0]["virtual_time"], 13_000_000_000)

    def test_a_failed_run_has_a_result_and_a_mistake_is_an_error(self):
        failed = zabsim.run("datagram", seed=1, settings={"/expect/never": [{"on": "elected"}]})
        self.assertNotEqual(failed[0]["verdict"], "held")
        with self.assertRaisesRegex(zabsim.ZabsimError, "unknown key"):
            zabsim.run(STORY, settings={"/no/such": 1})
        with self.assertRaises(zabsim.ZabsimError):
            zabsim.run("no-such-story")

    def test_a_trace_has_records_causes_and_the_result(self):
        trace = zabsim.trace(STORY, seed=1)
        self.assertEqual([record["id"] for record in trace.records],
                         list(range(1, trace.result["records"] + 1)))
        crash = trace.table("crashed")
        self.assertEqual(crash["by"], ["n3"])
        chain = trace.causes(crash.rows[0]["id"])
        self.assertEqual(chain[-1]["cause"], 0)
        self.assertTrue(all(a["cause"] == b["id"] for a, b in zip(chain, chain[1:])))


class Sweeps(unittest.TestCase):
    def test_the_example(self):
        done = subprocess.run([ROOT / "tools/python/example.py"], cwd=ROOT, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"tick 500ms: \d\.\d\d s \(\d\.\d\d to \d\.\d\d, n = 5\)")

    def test_a_sweep_is_its_files(self):
        import json
        story = json.loads((ROOT / STORY).read_text())
        story.update(expect={}, sweep={"matrix": {"/timing/tick_time": ["200ms", "500ms"]},
                                       "repeat": 2})
        del story["lesson"]
        with tempfile.TemporaryDirectory() as folder:
            sweep = zabsim.sweep(story, out=folder, jobs=1)
            self.assertEqual(sweep.parameters, ["/timing/tick_time"])
            self.assertEqual(sweep.runs["/timing/tick_time"], ["200ms", "200ms", "500ms", "500ms"])
            means = sweep.metric("ensemble_unavailable")
            for row in means:
                runs = sweep.runs.where(cell=row["cell"])
                self.assertAlmostEqual(runs.mean("ensemble_unavailable") / row["mean"], 1, 5)
            self.assertEqual([(cell, repeat) for cell, repeat, result in sweep.results()],
                             [(0, 0), (0, 1), (1, 0), (1, 1)])
            self.assertEqual(zabsim.read_sweep(folder).runs.rows, sweep.runs.rows)


if __name__ == "__main__":
    unittest.main()
