#!/usr/bin/env python3
"""What the command line says and takes: help, the manual page, completions, notes, colours, and the ways
to name scenarios, seeds and changes."""
import json
import os
import pty
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
SMALL = {"format": "zabsim/1", "cluster": {"voters": ["n1"]}, "end": {"virtual": "2s"}}


def run(*arguments, **options):
    return subprocess.run([ZABSIM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          check=False, **options)


def commands():
    page = run("--help").stdout
    listed = page[page.index("SUBCOMMANDS:" if "SUBCOMMANDS:" in page else "Subcommands:"):]
    return [line.split()[0] for line in listed.splitlines()[1:] if re.match(r"  \w", line)]


def on_terminal(*arguments, **environment):
    """What is printed where all streams are a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([ZABSIM, *arguments], cwd=ROOT, stdout=theirs, stderr=theirs,
                          env={**os.environ, **environment}) as process:
        os.close(theirs)
        printed = b""
        try:
            while chunk := os.read(ours, 65536):
                printed += chunk
        except OSError:  # The other end is closed.
            pass
        os.close(ours)
        return process.wait(), printed


class Help(unittest.TestCase):
    def test_every_command_has_help_with_examples(self):
        self.assertGreater(len(commands()), 15)
        for command in commands():
            own = run(command, "--help")
            self.assertEqual(own.returncode, 0, command)
            self.assertIn("Examples:\n", own.stdout, command)
            self.assertEqual(run("help", command).returncode, 0, command)
        self.assertEqual(run("help", "run").stdout, run("run", "--help").stdout)

    def test_the_manual_page_names_every_option(self):
        page = run("man").stdout.replace("\\-", "-")
        for command in commands():
            self.assertIn(f".SS zabsim {command}\n", page)
            for option in re.findall(r"^ +(--[a-z-]+)", run(command, "--help").stdout, re.M):
                if option != "--help":
                    self.assertIn(f"\\fB{option}\\fR", page, command)

    def test_bash_completes_commands_options_and_values(self):
        def complete(line):
            script = ('source <("$1" completions bash); COMP_LINE=$2; COMP_POINT=${#2}; '
                      'COMP_WORDS=($2); [[ $2 == *" " ]] && COMP_WORDS+=(""); '
                      'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _zabsim; '
                      'printf "%s\\n" "${COMPREPLY[@]}"')
            done = subprocess.run(["bash", "-c", script, "bash", ZABSIM, line], text=True,
                                  capture_output=True, check=True)
            return done.stdout.split()
        self.assertEqual(complete("zabsim vali"), ["validate"])
        self.assertEqual(complete("zabsim run --see"), ["--seed=", "--seeds="])
        self.assertIn("exit-codes", complete("zabsim help "))

    def test_other_shells_are_generated_too(self):
        self.assertIn("--seeds=", run("completions", "zsh").stdout)
        self.assertIn("-l seeds", run("completions", "fish").stdout)
        self.assertEqual(run("completions", "tcsh").returncode, 2)


class Arguments(unittest.TestCase):
    def test_a_scenario_by_id_and_from_standard_input(self):
        self.assertEqual(run("run", "write-path", "--quiet").returncode, 0)
        self.assertEqual(run("run", "bugs/zookeeper-2845", "--bug=none", "--quiet").returncode, 0)
        self.assertEqual(run("run", "-", "--quiet", input=json.dumps(SMALL)).returncode, 0)
        self.assertIn("no-such: no such file", run("run", "no-such").stderr)

    def test_a_list_of_seeds(self):
        done = run("run", "-", "--seeds=1,5,9", "--quiet", "--result=-", input=json.dumps(SMALL))
        runs = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([each["seed"] for each in runs if "seed" in each], ["1", "5", "9"])
        for wrong in ("1,", "5,x", "", "9..1"):
            self.assertEqual(run("run", "write-path", f"--seeds={wrong},").returncode, 2, wrong)

    def test_set_removes_a_key(self):
        scenario = {**SMALL, "title": "x", "end": {"virtual": "2s", "nonsense": 1}}
        done = run("validate", "/dev/stdin", "--set=/end/nonsense=null", input=json.dumps(scenario))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = run("validate", "/dev/stdin", "--set=/end/other=null", input=json.dumps(SMALL))
        self.assertIn("--set=/end/other=null: there is nothing to remove", done.stdout + done.stderr)

    def test_mistakes_of_set_are_told_as_such(self):
        done = run("run", "write-path", "--set=/end/virtual=soon")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"^--set: scenarios/write-path.json:\d+: /end/virtual: wanted a duration")


class Notes(unittest.TestCase):
    def test_a_change_of_a_link_or_a_disk_says_how(self):
        changes = {**SMALL, "cluster": {"voters": ["n1", "n2"]}, "events": [{"id": "e", "at": "1s", "do": [
            {"set_link": {"from": "n1", "to": "n2", "latency": {"dist": "const", "value": "7ms"},
                          "loss": "1/400", "bandwidth": "32KiB/s"}},
            {"set_disk": {"target": "n2", "fsync": {"dist": "const", "value": "30ms"}}}]}]}
        text = run("run", "-", input=json.dumps(changes)).stdout
        self.assertIn("n1 to n2 changes: a latency of 7ms on average, 0.25% lost, 32KiB a second\n", text)
        self.assertIn("the disk of n2 changes: an fsync takes 30ms on average\n", text)

    def test_a_long_silence_says_what_servers_wait_for(self):
        alone = {**SMALL, "cluster": {"voters": ["n1", "n2"]}, "end": {"virtual": "20s"},
                 "events": [{"id": "e", "at": "1s", "do": [{"crash": {"target": "n2", "kind": "power"}}]}]}
        text = run("run", "-", input=json.dumps(alone)).stdout
        self.assertRegex(text, r"[\d.]+s of waiting: n1 for votes of a quorum\n")
        self.assertNotIn("waiting", run("run", "scenarios/write-path.json").stdout)

    def test_a_connection_that_a_server_gives_up_is_told(self):
        slow = {**SMALL, "cluster": {"voters": ["n1", "n2", "n3"]}, "end": {"virtual": "20s"},
                "timing": {"tick_time": "200ms"}, "events": [{"id": "e", "at": "2s", "do": [
                    {"set_disk": {"target": "n1", "fsync": {"dist": "const", "value": "9s"}}}]}],
                "workload": [{"kind": "closed", "clients": 2, "think": "100ms", "mix": {"setData": 1}}]}
        text = run("run", "-", input=json.dumps(slow)).stdout
        self.assertRegex(text, r"the connection of n[23] to n1 ends \(")

    def test_a_note_prints_its_text(self):
        done = run("run", "tests/cases/x-note.json")
        for line in ("[a] plain words", "[b] english words", "[c] plain with doc"):
            self.assertIn(line, done.stdout)
        self.assertIn("[b] 中文", run("run", "tests/cases/x-note.json", "--lang=zh").stdout)

    def test_an_action_without_effect_says_so(self):
        self.assertIn("[rot] corrupt: no effect", run("run", "tests/cases/x-corrupt-no-effect.json").stdout)


class Colours(unittest.TestCase):
    def test_none_for_who_wants_none(self):
        for environment, coloured in (({"TERM": "xterm", "NO_COLOR": ""}, True),
                                      ({"TERM": "xterm", "NO_COLOR": "1"}, False),
                                      ({"TERM": "dumb", "NO_COLOR": ""}, False)):
            code, printed = on_terminal("run", "leader-crash", **environment)
            self.assertEqual(code, 0)
            self.assertEqual(b"\033[3" in printed, coloured, environment)
        self.assertNotIn(b"\033", printed)  # A dumb terminal is sent no other sequences either.


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
