#!/usr/bin/env python3
"""The lessons among the shipped scenarios: their questions are about the run that they say, and nothing that
is shown to people has names of the scenario language in it.  ZAB_REWRITE_GOLDEN=1 writes `trace` anew:
look at each run before committing it, for the questions may be wrong now."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
sys.dont_write_bytecode = True
sys.path.append(str(ROOT / "tests/support"))
from replace import replace  # pylint: disable=wrong-import-position

DIGITS = 16


def zabsim(*arguments):
    return subprocess.run([ZABSIM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          check=False)


def lessons():
    for file in sorted((ROOT / "scenarios").rglob("*.json")):
        story = json.loads(file.read_text())
        if "lesson" in story and file.name != "schema.json":
            yield file, story


def view(*arguments):
    """What `zabsim view` says, and what is in the page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "a.html")
        done = zabsim("view", *arguments, "-o", page)
        meta = re.search(r'<script id="meta" type="application/json">(.*?)</script>', page.read_text())
        return done.stdout, json.loads(meta[1])


class Lessons(unittest.TestCase):
    def test_questions_are_about_the_run_that_is_shown(self):
        for file, story in lessons():
            bug = story.get("known_bug", {}).get("id", "none")
            done = zabsim("run", file, f"--bug={bug}", "--quiet", "--result=-")
            wanted = json.loads(done.stdout.splitlines()[0])["trace_hash"][:DIGITS]
            if os.environ.get("ZAB_REWRITE_GOLDEN") == "1":
                text = re.sub(r'("lesson": \{\s*"order": \d+,)(\s*)(?:"trace": "\w*",\s*)?',
                              rf'\g<1>\g<2>"trace": "{wanted}",\g<2>', file.read_text())
                replace(file, text)
            else:
                self.assertEqual(story["lesson"].get("trace"), wanted, file)

    def test_a_changed_run_asks_nothing_and_says_so(self):
        story = "scenarios/leader-crash.json"
        said, meta = view(story)
        self.assertFalse(meta["other_run"])
        self.assertGreater(len(meta["lesson"]), 1)
        self.assertNotIn("left out", said)
        with tempfile.TemporaryDirectory() as folder:
            trace, edited = Path(folder, "a.trace"), Path(folder, "a.json")
            zabsim("run", story, "--quiet", "--set=/timing/tick_time=250ms", f"--trace={trace}")
            edited.write_text((ROOT / story).read_text().replace('"power"', '"kill"'))
            for changed in ([story, "--seed=2"], [trace], [edited]):
                said, meta = view(*changed)
                self.assertTrue(meta["other_run"], changed)
                self.assertEqual(meta["lesson"], [], changed)
                self.assertIn("questions of the lesson are about another run", said)
            self.assertTrue(view("scenarios/bugs/zookeeper-4643.json", "--bug=none")[1]["other_run"])

    def test_texts_say_values_not_names_of_the_language(self):
        def texts(value):
            if isinstance(value, dict):
                for key, inside in value.items():
                    yield from [inside] if key in ("en", "zh", "doc", "title", "note") and \
                        isinstance(inside, str) else texts(inside)
            elif isinstance(value, list):
                for inside in value:
                    yield from texts(inside)
        for file in sorted((ROOT / "scenarios").rglob("*.json")):
            if file.name != "schema.json":
                for text in texts(json.loads(file.read_text())):
                    self.assertNotRegex(text, r"\$[a-z]", file)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
