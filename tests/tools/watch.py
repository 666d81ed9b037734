#!/usr/bin/python3
"""zabsim watch on a pseudo-terminal: what is on the screen after which keys, word for word, and what is
left of the terminal behind it.

Each tests/golden/watch/*.txt is a walk: a line `==== keys` and the screen that these keys lead to.
ZAB_REWRITE_GOLDEN=1 writes them anew; read the difference before committing it.  A screen is waited
for, never timed.  Exit code 77 (with ZAB_NEVER_SKIP a failure): python3-pyte, which plays the terminal, is not
installed."""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

try:
    import pyte
except ImportError:
    print("skipped: python3-pyte is not installed; tools/setup --test installs it")
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)

root = Path(os.environ["SOURCE_DIR"])
sys.dont_write_bytecode = True
sys.path.append(str(root / "tests/support"))
from replace import replace  # pylint: disable=wrong-import-position
zabsim = os.environ["ZABSIM"]
rewrite = os.environ.get("ZAB_REWRITE_GOLDEN") == "1"
PATIENCE = 30  # Seconds for a screen to come, on the slowest machine.
QUIET = 0.6  # Of a screen that is written down: nothing more comes, an Escape that waits for more neither.
failures = []

# What is sent for a named key; anything else is sent literally.
KEYS = {"Left": "\x1b[D", "Right": "\x1b[C", "Up": "\x1b[A", "Down": "\x1b[B", "Home": "\x1b[1~",
        "End": "\x1b[4~", "Enter": "\r", "Escape": "\x1b", "Backspace": "\x7f", "Space": " ",
        "Ctrl-C": "\x03", "ShiftLeft": "\x1b[1;2D", "ShiftRight": "\x1b[1;2C"}
COLORS = {"default": ".", "red": "r", "green": "g", "brown": "y", "cyan": "c"}


def check(name, condition, detail=""):
    if not condition:
        failures.append(f"{name}: {detail}")


class Terminal:
    """zabsim watch, and the screen as it should appear."""

    def __init__(self, *arguments, columns=80, rows=24, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.slave)
        inherited = {key: value for key, value in os.environ.items()
                     if key not in ("LINES", "COLUMNS", "NO_COLOR", "LANG", "LC_CTYPE")}
        self.process = subprocess.Popen(
            [zabsim, "watch", *arguments], cwd=root, stdin=self.slave, stdout=self.slave,
            stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**inherited, "TERM": "linux", "LC_ALL": "C.UTF-8", **environment})

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, *keys):
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())

    def read(self, seconds):
        """Reads what arrives within that time; whether anything did."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        data = os.read(self.master, 65536)
        self.raw += data
        self.stream.feed(data)
        return True

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def colors(self):
        """A letter for the colour of each cell, # where it is reversed."""
        rows = []
        for row in range(self.screen.lines):
            cells = (self.screen.buffer[row][column] for column in range(self.screen.columns))
            rows.append("".join("#" if cell.reverse else COLORS.get(cell.fg, "?")
                                for cell in cells).rstrip("."))
        return "\n".join(rows).rstrip()

    def wait(self, wanted):
        """Until `wanted()` holds; whether it ever did."""
        end = time.monotonic() + PATIENCE
        while not wanted():
            if time.monotonic() > end or (not self.read(0.1) and self.process.poll() is not None):
                return wanted()
        return True

    def wait_for(self, text):
        ok = self.wait(lambda: text in self.text())
        check(f"wait for {text!r}", ok, "\n" + self.text())
        return ok

    def settle(self):
        """Before a screen is recorded: until no more output arrives."""
        while self.read(QUIET):
            pass

    def end(self):
        """The exit code; the terminal must be as it was, its cursor there."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        if self.process.poll() is None:
            self.process.kill()
        code = self.process.wait()
        while self.read(0):
            pass
        check("terminal restored", termios.tcgetattr(self.slave) == self.before, code)
        os.close(self.master)
        os.close(self.slave)
        return code

    def quit(self):
        self.press("q")
        check("quit", self.end() == 0, "exit code")


# ---- Walks --------------------------------------------------------------------------------------

def golden_of(path):
    """{keys: screen} as recorded."""
    if not path.exists():
        return {}
    parts = path.read_text().split("\n==== ")[1:]
    return {keys: screen.rstrip("\n") for keys, _, screen in (part.partition("\n") for part in parts)}


def walk(name, terminal, steps, colors=False):
    """Presses the keys of each step, and compares the screen after it."""
    path = root / f"tests/golden/watch/{name}.txt"
    golden = golden_of(path)
    written = [f"{name}: keys, and the screen they lead to.  See tests/tools/watch.py.\n"]

    def shown():
        return terminal.text() + ("\n----\n" + terminal.colors() if colors else "")
    for number, keys in enumerate(steps):
        terminal.press(*keys.split())
        title = f"{number} {keys}".rstrip()
        if rewrite:
            terminal.wait(lambda: terminal.text() != "")
            terminal.settle()
        elif not terminal.wait(lambda: shown() == golden.get(title)):
            check(f"{name}, {title}", False,
                  f"\n-- wanted\n{golden.get(title)}\n-- found\n{shown()}")
            break
        written.append(f"==== {title}\n{shown()}\n")
    if rewrite:
        path.parent.mkdir(exist_ok=True)
        replace(path, "\n".join(written))
    terminal.quit()


def story():
    """Every key."""
    walk("story", Terminal("scenarios/leader-crash.json"), [
        "", "Right Right", "Left", "End", "Home", "n n n n n n n", "p", "Down", "> <",
        "> >", "Up Up", "/ 1 : 4 0 Enter", "f", "] ] ] ]", "[", "g 1 . 6 3 8 9 s Enter", "f",
        "/ p o w e r Enter", "/ n o w h e r e Enter", "/ c 4 Enter", ". .", "/ x Backspace y", "Escape",
        "g # 1 5 4 1 Enter", "g s o o n Enter", "v", "+ + +", "- -", "h", "Right", "h", "?", "?", "l",
        "l"])


def languages_and_sizes():
    follow = "/ 1 : 4 0 Enter f"
    moments = ["", "g 1 . 6 3 8 9 s Enter", follow, "g 5 . 7 s Enter", "?"]
    story_file = "scenarios/leader-crash.json"
    walk("chinese", Terminal(story_file, "--lang=zh"), moments)
    walk("wide", Terminal(story_file, columns=132, rows=40), moments)
    walk("narrow", Terminal(story_file, columns=60, rows=16), moments)
    walk("ascii", Terminal(story_file, LC_ALL="C"), [*moments, "x l"])
    walk("ascii-chinese", Terminal(story_file, "--lang=zh", LC_ALL="C"), [""])
    walk("colors", Terminal(story_file), moments[:4], colors=True)
    walk("nine-servers", Terminal("scenarios/lossy-wan.json"), ["", "n n n n n n", "End"])


def without_color():
    """The same screens, and no colour in them."""
    wanted = golden_of(root / "tests/golden/watch/colors.txt")["0"].split("\n----\n")[0]
    for options, environment in (([], {"TERM": "vt100"}), ([], {"NO_COLOR": "1"}),
                                 (["--no-color"], {})):
        terminal = Terminal("scenarios/leader-crash.json", *options, **environment)
        ok = terminal.wait(lambda: terminal.text() == wanted)
        check(f"no colour {options} {environment}", ok, "\n" + terminal.text())
        check("none at all", not set("rgyc?") & set(terminal.colors()), terminal.colors())
        terminal.quit()


def violations_findings_and_cut_traces():
    walk("violation", Terminal("scenarios/datagram.json"), ["", "v", "v", "Home", "v", "l"])
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([zabsim, "fuzz", "scenarios/ci/swarm.json", "--bug=ZOOKEEPER-2845", "--runs=20",
                        "--fail-fast=1", "--jobs=1", "--quiet", f"--out={folder}/out"], cwd=root,
                       capture_output=True, check=False)
        finding = next(Path(folder, "out/findings").iterdir())
        walk("finding", Terminal(str(finding)), [""])
        whole = Terminal(str(finding), "--whole")
        whole.wait_for("ci/swarm")
        whole.quit()
        trace = Path(folder, "trace")
        subprocess.run([zabsim, "run", "scenarios/leader-crash.json", "--quiet", f"--trace={trace}"],
                       cwd=root, capture_output=True, check=True)
        trace.write_bytes(trace.read_bytes()[:80000])  # Times of the host at its end vary in length.
        walk("cut", Terminal(str(trace), "--zxid=1:40"), ["", "End", "l"])
        trace.write_bytes(trace.read_bytes()[:6000])
        empty = Terminal(str(trace))
        empty.wait_for("has no complete record to show")
        check("empty trace", empty.end() == 2)


# ---- The terminal itself ------------------------------------------------------------------------

def sizes():
    """Too small is said; a change of the size redraws."""
    terminal = Terminal("scenarios/write-path.json", columns=50, rows=10)
    terminal.wait_for("This terminal has 50x10 characters")
    terminal.resize(80, 24)
    terminal.wait_for("q quit")
    check("redrawn", "follower" in terminal.text() or "looking" in terminal.text(), terminal.text())
    terminal.resize(100, 30)
    terminal.wait(lambda: terminal.screen.display[-1].startswith("? help"))
    check("larger", terminal.screen.display[29].startswith("? help"), terminal.text())
    terminal.resize(59, 24)
    terminal.wait_for("This terminal has 59x24 characters")
    terminal.quit()


def ends():
    """q, Ctrl-C and SIGTERM leave the terminal as it was; so does an unfinished search."""
    for keys in (["q"], ["Ctrl-C"], ["/", "Ctrl-C"], ["Space", "Ctrl-C"]):
        terminal = Terminal("scenarios/write-path.json", TERM="xterm")
        terminal.wait_for("q quit")
        terminal.press(*keys)
        check(f"exit code after {keys}", terminal.end() == 0)
        check("the other screen", terminal.raw.rstrip().endswith(b"\x1b[?1l\x1b>")
              or b"\x1b[?1049l" in terminal.raw, terminal.raw[-80:])
    terminal = Terminal("scenarios/write-path.json")
    terminal.wait_for("q quit")
    terminal.process.send_signal(signal.SIGTERM)
    check("SIGTERM", terminal.end() == 0)


def shifted_arrows():
    """Where the terminal tells them apart."""
    terminal = Terminal("scenarios/write-path.json", TERM="xterm")
    terminal.wait_for("#1 ")
    terminal.press("ShiftRight")
    terminal.wait_for("#2 ")
    terminal.press("ShiftLeft")
    terminal.wait_for("#1 ")
    terminal.quit()


def plays():
    """It goes on by itself, faster at a higher speed, and stops at the end."""
    terminal = Terminal("scenarios/write-path.json")
    terminal.wait_for("q quit")
    terminal.press("Space")
    terminal.wait_for("> 5/s")
    check("goes on", terminal.wait(lambda: "#1 " not in terminal.text()), terminal.text())
    terminal.press("Space")
    terminal.wait_for("|| 5/s")
    terminal.press(*"+" * 7, "Space")
    terminal.wait_for("|| 1000x")
    check("to the end", terminal.wait(lambda: "· 239 / 239" in terminal.text()), terminal.text())
    terminal.quit()


def no_terminal():
    """Without a terminal a message says what to do instead."""
    for options in ([], ["--lang=zh"]):
        done = subprocess.run([zabsim, "watch", "scenarios/write-path.json", *options], cwd=root,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        check("no terminal", done.returncode == 2 and "--plain" in done.stderr, done.stderr)
    terminal = Terminal("scenarios/write-path.json", TERM="dumb")
    terminal.wait_for("--plain")
    check("dumb terminal", terminal.end() == 2)
    for bad in (["--zxid=1"], ["--seed=x"]):
        done = subprocess.run([zabsim, "watch", "--plain", "scenarios/write-path.json", *bad], cwd=root,
                              capture_output=True, check=False)
        check(f"watch {bad}", done.returncode == 2)


def plain():
    """The text has no escapes, one event per line, and the servers after each milestone."""
    def shown(*options):
        done = subprocess.run([zabsim, "watch", "--plain", "scenarios/write-path.json", *options],
                              cwd=root, capture_output=True, text=True, check=False)
        check(f"plain {options}", done.returncode == 0 and "\x1b" not in done.stdout, done.stderr)
        return done.stdout.splitlines()
    events = [line for line in shown() if line.lstrip().startswith("#")]
    all_events = [line for line in shown("--heartbeats") if line.lstrip().startswith("#")]
    check("heartbeats", 0 < len(events) < len(all_events), (len(events), len(all_events)))
    check("none hidden", [line.split()[0] for line in all_events]
          == [f"#{k + 1}" for k in range(len(all_events))])
    check("servers", any(line.lstrip().startswith("n3: leader, epoch 1") for line in shown()))
    check("Chinese", any("n3：领导者，纪元 1" in line for line in shown("--lang=zh")))
    check("zxid", all("1:1" in line for line in shown("--zxid=1:1")[3:]), shown("--zxid=1:1"))


for test in (story, languages_and_sizes, without_color, violations_findings_and_cut_traces, sizes,
             ends, shifted_arrows, plays, no_terminal, plain):
    started = time.monotonic()
    test()
    print(f"{test.__name__}: {time.monotonic() - started:.1f} s")
print("\n".join(failures) or "all well")
sys.exit(bool(failures))
