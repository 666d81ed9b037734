#!/usr/bin/env python3
"""The command line as users and CI systems see it: results, exit codes, the reproducing command, and
Ctrl-C."""
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]
failures = []


def run(*arguments, cwd=root, env=None):
    return subprocess.run([zabsim, *arguments], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, **(env or {})})


def check(name, condition, detail=""):
    if not condition:
        failures.append(f"{name}: {detail}")


def without_host(line):
    result = json.loads(line)
    result.pop("host")
    return result


def results_repeat():
    """Same scenario, same seed: the same result but for `host`, in a fresh process."""
    arguments = ["run", "scenarios/ci/swarm.json", "--seeds=1..3", "--result=-", "--quiet"]
    one, two = run(*arguments), run(*arguments)
    lines = one.stdout.splitlines()
    check("results", len(lines) == 4, one.stdout)
    check("results repeat", [without_host(x) for x in lines]
          == [without_host(x) for x in two.stdout.splitlines()])
    first = json.loads(lines[0])
    check("seed is text", first["seed"] == "1", first)
    check("trace hash", re.fullmatch(r"[0-9a-f]{32}", first["trace_hash"]), first)


def exit_codes():
    """One scenario, changed to give each verdict."""
    story = "scenarios/write-path.json"
    cases = {
        0: [story],
        2: [story, "--set=/no/such=1"],
        11: [story, '--set=/expect/deadlines/0={"name":"x","from":"quiet",'
                    '"until":{"on":"truncated"},"within":"1ms"}'],
        13: [story, '--set=/expect/outcome/0={"op":"w/write","is":"failed"}'],
        14: [story, '--set=/expect/sometimes/0={"on":"truncated"}'],
        15: [story, "--set=/end/events=50", "--set=/expect/sometimes=[]"],
    }
    for code, arguments in cases.items():
        done = run("run", *arguments)
        check(f"exit code {code}", done.returncode == code,
              f"{done.returncode}\n{done.stdout}{done.stderr}")
        check(f"no traceback {code}", "terminate called" not in done.stderr, done.stderr)


def again_line():
    """The command that a failing run prints reproduces the failure."""
    done = run("run", "scenarios/write-path.json", "--seed=18446744073709551615",
               '--set=/expect/outcome/0={"op":"w/write","is":"failed"}')
    line = re.search(r"reproduce: (zabsim .*)", done.stdout)
    check("again line", line, done.stdout)
    again = run(*shlex.split(line.group(1))[1:])
    check("fails again", again.returncode == done.returncode == 13, again.stdout)
    check("same hash", re.findall(r"trace hash (\w+)", again.stdout)
          == re.findall(r"trace hash (\w+)", done.stdout))


def settings_of_a_file():
    """The `run` settings of a file: a budget or a number of failures ends its seeds; seeds
    may be from a commit."""
    swarm = ["scenarios/ci/swarm.json", "--quiet"]
    spent = run("run", *swarm, '--set=/run/budget={"cpu":"1s"}')
    check("budget", spent.returncode == 15 and "run.budget.cpu is used up" in spent.stdout,
          spent.stdout)
    enough = run("run", *swarm, "--set=/run/fail_fast=2", "--seeds=1..50",
                 '--set=/expect/never=[{"on":"elected"}]')
    check("fail_fast", enough.returncode == 13 and "48 seeds were not run" in enough.stdout,
          enough.stdout)

    story = ["scenarios/write-path.json", "--result=-", '--set=/run/seeds={"from":"commit"}']
    commit = "0123456789abcdef" + 24 * "7"
    seed = json.loads(run("run", *story, env={"GITHUB_SHA": commit}).stdout)["seed"]
    check("seed of a commit", seed == str(0x0123456789abcdef), seed)
    given = json.loads(run("run", *story, f"--seed={commit}").stdout)["seed"]
    check("commit as --seed", given == seed, given)
    bad = run("run", *story, env={"GITHUB_SHA": "main"})
    check("bad commit", bad.returncode == 2 and "$GITHUB_SHA" in bad.stderr, bad.stderr)


def interrupt():
    """Ctrl-C: exit code 130, and all results so far are whole lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results"
        process = subprocess.Popen([zabsim, "run", "scenarios/ci/swarm.json", "--seeds=1..1000000",
                                    "--quiet", f"--result={path}"], cwd=root)
        while not path.exists() or path.stat().st_size == 0:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        check("interrupted", process.wait() == 130, process.returncode)
        text = path.read_text()
        check("whole lines", text.endswith("\n") and all(json.loads(x) for x in text.splitlines()))


def trace_of_interrupted():
    """After Ctrl-C the trace has all records so far and no end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace"
        process = subprocess.Popen([zabsim, "run", "scenarios/leader-crash.json", "--quiet",
                                    "--set=/end/virtual=900s", f"--trace={path}"], cwd=root,
                                   stdout=subprocess.DEVNULL)
        while not path.exists() or path.stat().st_size < 20_000:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        check("interrupted", process.wait() == 130, process.returncode)
        shown = run("trace", str(path))
        check("no end", shown.returncode == 2 and "the end of the run is missing" in shown.stderr
              and len(shown.stdout.splitlines()) > 1000, shown.stderr)


def trace_file():
    """The trace agrees with the result; `--trace` changes no result; filters, languages, errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace"
        story = "scenarios/write-path.json"
        plain = run("run", story, "--quiet", "--result=-")
        traced = run("run", story, "--quiet", "--result=-", f"--trace={path}")
        check("trace is free", without_host(plain.stdout) == without_host(traced.stdout))
        lines = [json.loads(line) for line in run("trace", str(path), "--json").stdout.splitlines()]
        head, records, end = lines[0], lines[1:-1], lines[-1]
        check("header", head["format"] == "zabsim-trace/2" and head["seed"] == "1", head)
        check("ids", [x["id"] for x in records] == list(range(1, len(records) + 1)))
        check("causes come before", all(x["cause"] < x["id"] for x in records))
        check("result", end["result"] == without_host(plain.stdout), end)
        check("all", end["result"]["records"] == len(records), len(records))
        check("host apart", "compiler" in end["host"] and "host" not in end["result"], end)

        def shown(*options):
            return run("trace", str(path), *options).stdout.splitlines()
        check("a line each", len(shown()) == len(records))
        check("explained", len(shown("--explain")) == 3 * len(records))
        check("Chinese", any("提交 1:1" in line for line in shown("--lang=zh", "--zxid=1:1")))
        some = [json.loads(x) for x in shown("--json", "--server=n2", "--from=200ms", "--to=2s")[1:-1]]
        check("filtered", some and all("n2" in (x.get("by"), x.get("peer")) for x in some), some)
        check("moments", all(2 * 10 ** 8 <= x["t"] <= 2 * 10 ** 9 for x in some))
        check("zxid", {x["zxid"] for x in map(json.loads, shown("--json", "--zxid=1:1")[1:-1])}
              == {"1:1"})
        events = json.loads(run("trace", str(path), "--perfetto").stdout)["traceEvents"]
        begins = {x["id"] for x in events if x["ph"] == "s"}
        arrows = [x for x in events if x["ph"] == "f"]
        check("arrows", arrows and all(x["id"] in begins for x in arrows), arrows[:2])
        check("spans end", len([x for x in events if x["ph"] == "B"])
              == len([x for x in events if x["ph"] == "E"]))
        check("all shown", len([x for x in events if x["ph"] == "X"]) == len(records))
        for bad in (["--server=n9"], ["--zxid=1"], ["--from=soon"], ["--json", "--text"],
                    ["--json", "--perfetto"]):
            check(f"trace {bad}", run("trace", str(path), *bad).returncode == 2)
        whole = path.read_bytes()
        path.write_bytes(whole[:-300])
        cut = run("trace", str(path))
        check("cut", cut.returncode == 2 and "truncated in the block at byte" in cut.stderr
              and cut.stdout.count("\n") > 0, cut.stderr)
        path.write_bytes(whole[:100] + b"?" + whole[101:])
        check("damaged", "damaged at byte 12" in run("trace", str(path)).stderr)
        check("no trace", "is not a trace" in run("trace", zabsim).stderr)
        check("a scenario", "or a scenario" in run("trace", story).stderr
              or "is not a trace" in run("trace", story).stderr)


def diff_and_replay():
    """Two traces of one run are the same; of two seeds, the first difference is shown; a replay agrees
    with its trace, and does not with one that was tampered with."""
    with tempfile.TemporaryDirectory() as folder:
        a, b, cut = (str(Path(folder) / name) for name in ("a", "b", "cut"))
        story = "scenarios/leader-crash.json"
        run("run", story, "--quiet", f"--trace={a}")
        run("run", story, "--quiet", f"--trace={b}")
        same = run("diff", a, b)
        check("same", same.returncode == 0 and "the same: " in same.stdout, same.stdout)
        run("run", story, "--quiet", "--seed=2", f"--trace={b}")
        done = run("diff", a, b)
        check("differ", done.returncode == 12 and "seed: 1 | 2" in done.stdout
              and "they differ in" in done.stdout, done.stdout)
        check("in Chinese", "不同之处" in run("diff", a, b, "--lang=zh").stdout)
        run("run", story, "--quiet", "--set=/end/virtual=13s", "--set=/expect/metrics={}",
            f"--trace={b}")
        done = run("diff", a, b)
        check("shorter", done.returncode == 12 and "it has ended" in done.stdout, done.stdout)
        again = run("replay", a, "--quiet")
        check("replay", again.returncode == 0 and "as in the trace: " in again.stdout, again.stdout)
        Path(cut).write_bytes(Path(a).read_bytes()[:-2000])
        again = run("replay", cut, "--quiet")
        check("replay of a cut one", again.returncode == 2 and "truncated" in again.stderr
              and "as in the trace: " in again.stdout, again.stdout + again.stderr)


def view():
    """A page of the default scenario is under 1 MB, the same from its trace, and says what it leaves
    out; errors are reported. tests/viewer tests the page itself."""
    with tempfile.TemporaryDirectory() as folder:
        a, b, trace = (str(Path(folder) / name) for name in ("a.html", "b.html", "trace"))
        story = "scenarios/leader-crash.json"
        run("run", story, "--quiet", f"--trace={trace}")
        check("view", run("view", story, "-o", a).returncode == 0)
        check("of its trace", run("view", trace, "-o", b).returncode == 0)
        check("the same page", Path(a).read_bytes() == Path(b).read_bytes())
        check("small", Path(a).stat().st_size < 1_000_000, Path(a).stat().st_size)
        few = run("view", story, "-o", b, "--events=8000")
        check("left out", "left out, of 11,998: messages" in few.stdout, few.stdout)
        check("in Chinese", "省略" in run("view", story, "-o", b, "--events=8000", "--lang=zh").stdout)
        least = run("view", story, "-o", b, "--events=100")
        check("a window", "100 events" in least.stdout and "all-but-window" in least.stdout, least.stdout)
        bug = "scenarios/bugs/zookeeper-4643.json"
        for option, is_violated in (([], True), (["--bug=none"], False), (["--bug=OWN-1"], False)):
            check(f"view {option}", run("view", bug, "-o", b, *option).returncode == 0)
            found = '"invariant":"CommittedNeverLost"' in Path(b).read_text()
            check(f"violated {option}", found == is_violated)
            told = "ZOOKEEPER-4643 shows" in run("watch", bug, "--plain", *option).stdout
            check(f"shows {option}", told == is_violated)
        for bad in ([story, "-o", f"{folder}/no/such.html"], [story], [trace, "--seed=1", "-o", a],
                    [story, "-o", a, "--events=3"], [f"{folder}/none", "-o", a],
                    [story, "--bug=OWN-9", "-o", a], [trace, "--bug=OWN-1", "-o", a],
                    ["--all", f"{folder}/none", "-o", folder], ["--all", "scenarios", "--seed=1", "-o", folder],
                    ["--all", "scenarios/ci", "-o", folder]):
            check(f"view {bad}", run("view", *bad).returncode == 2)
        Path(trace).write_bytes(Path(trace).read_bytes()[:-2000])
        cut = run("view", trace, "-o", b)
        check("cut", cut.returncode == 0 and "records before that are complete" in cut.stdout, cut.stdout)
        check("cut page", '"verdict":"cut"' in Path(b).read_text())


def view_of_finding():
    """A folder of findings: the minimised case, or with --whole the run as found."""
    with tempfile.TemporaryDirectory() as folder:
        run("fuzz", "scenarios/ci/swarm.json", "--bug=ZOOKEEPER-2845", "--runs=20", "--fail-fast=1",
            "--jobs=1", f"--out={folder}/out")
        finding, page = next(Path(folder, "out/findings").iterdir()), Path(folder, "a.html")
        for options, wanted in (([], '"scenario":"minimal"'), (["--whole"], '"scenario":"ci/swarm"')):
            done = run("view", str(finding), "-o", str(page), *options)
            check(f"finding {options}", done.returncode == 0, done.stderr)
            text = page.read_text()
            check(f"page {options}", wanted in text and '"verdict":"violated"' in text)
        (finding / "minimal.trace").unlink()
        run("view", str(finding), "-o", str(page))
        check("without its trace", '"verdict":"violated"' in page.read_text())
        check("seed of a finding", run("view", str(finding), "--seed=1", "-o", str(page)).returncode == 2)
        check("no finding", run("view", folder, "-o", str(page)).returncode == 2)


def site():
    """Every lesson has its pages, the run reaches each of its questions, and a question that it never
    reaches is reported."""
    with tempfile.TemporaryDirectory() as folder:
        done = run("view", "--all", "scenarios", "-o", f"{folder}/site")
        check("site", done.returncode == 0, done.stderr)
        check("all questions", "never reaches" not in done.stdout, done.stdout)
        stories = [json.loads(path.read_text()) for path in Path("scenarios").rglob("*.json")]
        lessons = [story for story in stories if "lesson" in story]
        pages = {f"{story['id'].replace('/', '-')}{ending}.html" for story in lessons
                 for ending in (("", "-fixed") if "known_bug" in story else ("",))}
        check("pages", {path.name for path in Path(folder, "site").iterdir()} == pages | {"index.html"})
        index = Path(folder, "site/index.html").read_text()
        check("index", all(f'"href":"{story["id"].replace("/", "-")}.html"' in index for story in lessons))
        story = next(story for story in lessons if story["id"] == "proposed-not-committed")
        story["lesson"]["stops"][0]["when"] = {"event": "cut", "nth": 2}
        del story["$schema"]
        Path(folder, "story.json").write_text(json.dumps(story))
        missed = run("view", "--all", folder, "-o", f"{folder}/missed")
        check("missed", missed.returncode == 0 and "never reaches: 1" in missed.stdout, missed.stdout)


def disk_and_fsck():
    """fsck reads what disk writes, from a scenario or from its trace; each has its exit codes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, trace = Path(scratch) / "data", Path(scratch) / "trace"
        story = "scenarios/write-path.json"
        check("disk", run("disk", story, "--server=n2", f"--out={folder}").returncode == 0)
        check("myid", (folder / "myid").read_text() == "2\n")
        run("run", story, f"--trace={trace}", "--quiet")
        again = run("disk", str(trace), "--server=n2", f"--out={folder}-2", "--image=durable")
        check("from a trace", again.returncode == 0, again.stderr)
        check("nothing left beside", sorted(x.name for x in Path(scratch).iterdir())
              == ["data", "data-2", "trace"])
        for bad in (["--server=n9"], ["--server=n2", "--at=9h"], ["--server=n2", "--seed=x"]):
            done = run("disk", story, *bad, f"--out={folder}-3")
            check(f"disk {bad}", done.returncode == 2 and "found" in done.stderr, done.stderr)
        check("not empty", run("disk", story, "--server=n2", f"--out={folder}").returncode == 2)
        for place in (folder, folder / "version-2"):
            check("clean", json.loads(run("fsck", str(place), "--json").stdout)["verdict"] == "clean")
        for language, word in (("en", "clean"), ("zh", "完好")):
            check(language, word in run("fsck", str(folder), f"--lang={language}").stdout)
        log = next((folder / "version-2").glob("log.*"))
        log.write_bytes(b"ZKLG" + bytes(12) + log.read_bytes()[16:])
        check("damaged", run("fsck", str(folder)).returncode == 10)
        check("no directory", run("fsck", str(trace)).returncode == 2)


def crashes():
    """A sweep: the same for any number of threads; its reproducing command makes one run; bad options;
    Ctrl-C."""
    story = ["crashes", "scenarios/write-path.json"]
    some = [*story, "--every=40", "--pairs=10", "--result=-", "--quiet"]
    one, three = run(*some, "--jobs=1"), run(*some, "--jobs=3")
    check("sweep holds", one.returncode == 0, one.stdout + one.stderr)
    check("threads change nothing", one.stdout == three.stdout, one.stdout + three.stdout)
    result = json.loads(one.stdout)
    check("sweep", result["verdict"] == "held" and result["pairs"]["runs"] == 10, result)
    for language, word in (("en", "message delivered"), ("zh", "消息送达")):
        check(f"table {language}", word in run(*story, "--every=300", f"--lang={language}").stdout)
    # A deadline that nothing can meet: too little time for an election.
    late = run(*story, "--set=/timing/tick_time=2ms", "--every=150")
    again = re.search(r"reproduce: (zabsim .*)", late.stdout)
    check("late", late.returncode == 11 and again, late.stdout)
    if again:
        once = run(*shlex.split(again.group(1))[1:])
        check("late again", once.returncode == 11 and "deadline missed" in once.stdout, once.stdout)
    pair = run(*story, "--point=60", "--kind=kill", "--then=90", "--then-kind=power")
    check("a pair", pair.returncode == 0 and pair.stdout.count("crashed: ") == 2, pair.stdout)
    for bad in (["--point=0"], ["--point=99999999"], ["--kind=kill"], ["--point=9", "--then=1"],
                ["--point=1", "--pairs=2"], ["--every=0"], ["--seed=x"], ["--jobs=0"]):
        check(f"crashes {bad}", run(*story, *bad).returncode == 2)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([zabsim, "crashes", "scenarios/leader-crash.json",
                                    f"--result={folder}/sweep.json"],
                                   cwd=root, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        text = process.communicate()[0]
        check("crashes interrupted", process.returncode == 130 and "(interrupted)" in text, text)
        result = json.loads(Path(folder, "sweep.json").read_text())
        check("result so far", result["interrupted"] and result["verdict"] == "held", result)


def shrink():
    """A failing run becomes a smaller file that fails in the same way; one that holds does not."""
    late = ["scenarios/ci/swarm.json", "--seed=1", '--set=/expect/never=[{"on":"quorum_lost"}]']
    check("it fails", run("run", *late).returncode == 13)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "small.json"
        done = run("shrink", *late, f"--out={out}")
        check("shrink", done.returncode == 0 and "reproduce: zabsim run" in done.stdout,
              done.stdout + done.stderr)
        small = json.loads(out.read_text())
        check("small", len(small.get("events", [])) <= 4 and "nemesis" not in small, small)
        check("words", set(small["doc"]) == {"en", "zh"} and "quorum" in small["doc"]["en"], small)
        check("valid", run("validate", str(out)).returncode == 0)
        check("fails alone", run("run", str(out)).returncode == 13)
        first = out.read_text()
        check("in Chinese", "重现" in run("shrink", *late, f"--out={out}", "--lang=zh").stdout)
        check("repeats", out.read_text() == first)
        rest = run("shrink", *late, f"--out={out}", "--budget=1", "--quiet")
        check("budget", rest.returncode == 0 and not rest.stdout, rest.stdout + rest.stderr)
        check("as it was", len(out.read_text()) > len(first))
        holds = run("shrink", "scenarios/write-path.json", f"--out={out}-2")
        check("holds", holds.returncode == 13 and "does not fail" in holds.stderr, holds.stderr)
        check("nothing written", not Path(f"{out}-2").exists())
        for bad in (["--seed=x"], ["--budget=0"], ["--set=/no/such=1"], ["--out=/no/such/file"]):
            check(f"shrink {bad}", run("shrink", *late, f"--out={out}-3", *bad).returncode == 2)
        process = subprocess.Popen([zabsim, "shrink", "scenarios/ci/swarm.json", "--seed=1",
                                    late[2], "--budget=1000000", f"--out={out}"],
                                   cwd=root, stdout=subprocess.PIPE, text=True)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        process.communicate()
        check("interrupted or done", process.returncode in (0, 130), process.returncode)
        check("best so far", run("run", str(out)).returncode == 13)


def known_bugs():
    """A story is run without its bug and with it; --bug works with any file; ids are checked."""
    story = "scenarios/bugs/zookeeper-4646.json"
    done = run("run", story, "--quiet", "--result=-")
    plain, buggy = [json.loads(line) for line in done.stdout.splitlines()]
    check("bug story", done.returncode == 0, done.stdout + done.stderr)
    check("without", "bug" not in plain and plain["violations"] == [], plain)
    check("with", buggy["bug"] == {"id": "ZOOKEEPER-4646", "shown": True}, buggy)
    check("expected", [v["invariant"] for v in buggy["violations"] if v["expected"]]
          == ["CommittedNeverLost"], buggy)
    for option in ("--bug=none", "--bug=ZOOKEEPER-4646"):
        one = run("run", story, "--quiet", "--result=-", option).stdout.splitlines()
        check(option, len(one) == 1 and ("bug" in json.loads(one[0])) == (option != "--bug=none"))
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        run("run", story, "--quiet", "--bug=ZOOKEEPER-4646", f"--trace={trace}")
        again = run("replay", str(trace), "--quiet")
        check("trace with a bug", again.returncode == 0 and "ZOOKEEPER-4646 shows" in again.stdout
              and "as in the trace: " in again.stdout, again.stdout + again.stderr)
        real = run("disk", str(trace), "--server=n1", f"--out={folder}/data")
        check("real servers only", real.returncode == 2 and "ZOOKEEPER-4646" in real.stderr,
              real.stderr)
    # Not caught: exit code 13, and a line that repeats it.
    missed = run("run", story, '--set=/known_bug/violates=["AtMostOnce"]')
    again = re.search(r"reproduce: (zabsim .*)", missed.stdout)
    check("not caught", missed.returncode == 13 and "--bug=ZOOKEEPER-4646" in again.group(1),
          missed.stdout)
    swarm = run("run", "scenarios/ci/swarm.json", "--seeds=1..3", "--bug=ZOOKEEPER-4685", "--result=-")
    summary = json.loads(swarm.stdout.splitlines()[-1])
    check("any scenario", swarm.returncode == 0 and summary["bug"]["shown"] > 0, swarm.stdout)
    never = run("run", "scenarios/write-path.json", "--bug=OWN-1")
    check("never shown", never.returncode == 13 and "was not caught" in never.stdout, never.stdout)
    unknown = run("run", story, "--bug=ZOOKEEPER-46466")
    check("unknown bug", unknown.returncode == 2 and "ZOOKEEPER-4646" in unknown.stderr, unknown.stderr)
    for language, word in (("en", "TRUNC keeps"), ("zh", "TRUNC 留下")):
        check(f"bugs {language}", word in run("bugs", "--list", f"--lang={language}").stdout)


def other_folders():
    """Works from any directory; --version and --help succeed."""
    check("elsewhere", run("run", str(root / "scenarios/write-path.json"), cwd="/").returncode == 0)
    check("list elsewhere", "leader-crash" in run("list", cwd="/").stdout)
    for arguments in (["--version"], ["--help"], ["help"], ["help", "invariants"], ["help", "keys"],
                      ["help", "disk"], ["help", "fsck"], ["help", "crashes"],
                      ["help", "shrink"]):
        check(str(arguments), run(*arguments).returncode == 0)
    for arguments in ([], ["run"], ["no-such"], ["run", "--no-such"], ["help", "no-such"]):
        check(str(arguments), run(*arguments).returncode == 2)


for test in (results_repeat, exit_codes, again_line, settings_of_a_file, interrupt, trace_file,
             diff_and_replay, trace_of_interrupted, view, view_of_finding, site, disk_and_fsck, crashes,
             shrink, known_bugs, other_folders):
    test()
print("\n".join(failures) or "all well")
sys.exit(bool(failures))
