#!/usr/bin/env python3
"""Holds the house rules that a compiler does not: layering, determinism, file length, ids, citations.

    lint.py [directory]

Prints `file:line: [rule] what is wrong` and exits 1 if there is any.  rooms.py draws the folders.  Comments and the insides of
strings are blanked first, so that both may name what code may not use.  lint_test.py shows each
rule at work.
"""
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

from citations import Citations
from fields import Reasons, check_fields
from rooms import Rooms

FOLDERS = ("protocol", "sim", "scenarios", "tools", "tests", ".ci")
CPP = (".cc", ".h")
MAX_LINES = 500
MEASURED = (".cc", ".h", ".py", ".js", ".mjs", ".sh", "")  # "" is a script like tools/run.


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


# --- Layers ----------------------------------------------------------------------------------
# Path prefix of a file -> path prefixes of our files that it may include. The first match counts.
LAYERS = (
    (r"protocol/base/", ("protocol/base/",)),
    (r"protocol/", ("protocol/",)),
    # The kernel: bytes, machines and time, but nothing of ZAB.
    (r"sim/", ("protocol/base/", "sim/")),
    (r"scenarios/", ("protocol/", "sim/", "scenarios/")),
    (r"tools/", ("protocol/", "sim/", "scenarios/", "tools/")),
    (r"tests/", ("protocol/", "sim/", "scenarios/", "tools/", "tests/")),
)
OURS = re.compile(r"(protocol|sim|scenarios|tools|tests)/")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)

# Headers that reach the outside world other than through protocol/boundary/io.h.
OUTSIDE = re.compile(
    r"(sys|netinet|arpa|net)/.*|absl/(synchronization|time|random|log)/.*|unistd\.h|fcntl\.h|"
    r"poll\.h|netdb\.h|pthread\.h|signal\.h|time\.h|ctime|chrono|thread|stop_token|mutex|"
    r"shared_mutex|condition_variable|future|atomic|semaphore|latch|barrier|fstream|filesystem|"
    r"iostream|random|clocale|locale")
MAY_EXIT = "protocol/base/check.cc"  # Dies with _exit, by design.

# --- Determinism: banned in what runs in a simulation ------------------------------------------
SIMULATED = ("protocol/", "sim/", "scenarios/")
BANS = tuple((rule, re.compile(pattern), message) for rule, pattern, message in (
    ("clock", r"_clock\b|\babsl::(Now|GetCurrentTimeNanos|SleepFor)\b|\bclock_gettime\b|"
              r"\bgettimeofday\b|\bstd::(time|clock)\s*\(|\btime\s*\(\s*(nullptr|NULL|0|&)",
     "time comes in as Instant; nothing reads a clock"),
    ("thread", r"\bstd::(j?thread|async|(\w+_)?mutex|condition_variable\w*|atomic\w*|this_thread)\b|"
               r"\babsl::(Mutex|Notification|CondVar)\b|\bpthread_\w+",
     "a run has one thread"),
    ("environment", r"\b(secure_)?getenv\b|\bsetlocale\b|\bstd::locale\b|\bgetpid\b|\bgethostname\b",
     "a run does not depend on where it runs"),
    ("address", r"\bu?intptr_t\b|(map|set)\s*<\s*(const\s+)?[\w:]+\s*(const\s*)?\*|"
                r"\bstd::less\s*<[^<>]*\*\s*>",
     "addresses differ from run to run: order by id"),
    ("hash", r"\bstd::unordered_\w+|\babsl::(flat|node)_hash_\w+|\bstd::hash\b|"
             r"\babsl::Hash(Of)?\b",
     "order and value differ from run to run: absl::btree_map, or XXH3 of fields"),
    ("random", r"\bstd::\w+_distribution\b|\bstd::(ranges::)?(shuffle|sample)\b|"
               r"\bstd::(random_device|mt19937\w*|minstd_rand\w*|default_random_engine)\b|"
               r"\babsl::(Insecure)?BitGen\w*|\babsl::(Uniform|Bernoulli)\b|"
               r"\bs?rand\s*\(",
     "all draws go through Chooser"),
    ("float", r"\b(float|double)\b|\bstd::(pow|exp|log|log2|log10|sqrt|floor|ceil|l?l?round)\s*\(",
     "integers only: floating point differs by compiler and CPU"),
))
POINTER_FORMAT = re.compile(r"%p")
DRAW = re.compile(r"(?:\.|->)\s*(?:Bits|Below|Between|Chance|Shuffle)\s*\(|\bDraw\s*\(")

# --- Everywhere ------------------------------------------------------------------------------
# Spelt in pieces, so that this file passes.
UNFINISHED = re.compile(r"\b(FIX" + r"ME|X" + r"XX)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(work|tmp|home|root)" + r"/")
MAX_COLUMNS = 100  # Of C++, also where clang-format cannot break: in raw strings.
TEMPLATES = re.compile(r"/\w+_templates\w*\.cc$")  # Files of other languages, as raw strings.
ASSERT = re.compile(r"\bassert\s*\(|#\s*include\s*<(cassert|assert\.h)>")

# A comment, raw string, digit separator, string or character of C++.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | R"(?P<delimiter>[^()\s\\]{0,16})\(.*?\)(?P=delimiter)"
      | (?<=[0-9a-fA-F])'(?=[0-9a-fA-F])
      | "(?:\\.|[^"\\\n])*"
      | '(?:\\.|[^'\\\n])*'""", re.S | re.X)

LINE_COMMENT = re.compile(r"(?<![^\s])(?:#|//) [^\n]*")  # Of other languages.
NOT_NEWLINE = re.compile(r"[^\n]")


def blank(text, strings):
    """The C++ text with comments, and on request strings, as spaces; line breaks stay."""
    def spaces(match):
        if not match["comment"] and not strings:
            return match[0]
        return NOT_NEWLINE.sub(" ", match[0])
    return TOKEN.sub(spaces, text)


def words_of(path, text):
    """The text for people: the comments of code, with everything else as spaces."""
    if path.endswith((".md", ".json", ".txt")):
        return text
    comments = ((match.span() for match in TOKEN.finditer(text) if match["comment"])
                if path.endswith(CPP) else
                (match.span() for match in LINE_COMMENT.finditer(text)))
    kept, end = [], 0
    for begin, behind in comments:
        kept += [NOT_NEWLINE.sub(" ", text[end:begin]), text[begin:behind]]
        end = behind
    return "".join(kept) + NOT_NEWLINE.sub(" ", text[end:])


def lines_of(pattern, text):
    """The line numbers, from 1, at which the pattern matches."""
    return [text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text)]


def check_includes(path, code):
    """The code has its strings: they are what is included."""
    allowed = next((prefixes for place, prefixes in LAYERS if re.match(place, path)), None)
    if allowed is None:
        return
    for match in INCLUDE.finditer(code):
        included, line = match[1], code.count("\n", 0, match.start()) + 1
        if OURS.match(included):
            if not included.startswith(allowed):
                yield line, "layer", f"{included} is above this file; here: {', '.join(allowed)}"
        elif '"' in match[0] and "/" not in included:
            yield line, "layer", f"{included}: include from the root of the repository"
        elif path.startswith("protocol/") and path != MAY_EXIT and OUTSIDE.fullmatch(included):
            yield line, "outside", f"{included}: the outside world is reached through protocol/boundary/io.h"


def check_determinism(code, code_with_strings):
    for rule, pattern, message in BANS:
        for line in lines_of(pattern, code):
            yield line, rule, message
    for line in lines_of(POINTER_FORMAT, code_with_strings):
        yield line, "address", "a printed address differs from run to run"
    for statement in re.finditer(r"[^;{}]+", code):
        draws = list(DRAW.finditer(statement[0]))
        if len(draws) > 1:
            line = code.count("\n", 0, statement.start() + draws[1].start()) + 1
            yield line, "two-draws", "compilers differ in which is first: one draw per statement"


def check_cpp(path, text):
    code, code_with_strings = blank(text, strings=True), blank(text, strings=False)
    yield from check_includes(path, code_with_strings)
    if path.startswith(SIMULATED):
        yield from check_determinism(code, code_with_strings)
    if path.endswith(".h") and not re.search(r"^#pragma once$", text, re.M):
        yield 1, "pragma-once", "a header says #pragma once"
    yield from check_fields(text)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_COLUMNS and not TEMPLATES.search(path):
            yield number, "columns", f"{len(line)} columns, at most {MAX_COLUMNS}"
    for line in lines_of(ASSERT, code):
        yield line, "assert", "ZAB_CHECK: release builds drop assert"


def check_scenario(path, text):
    wanted = path.removeprefix("scenarios/").removesuffix(".json")
    try:
        scenario = json.loads(text)
    except ValueError as error:
        yield getattr(error, "lineno", 1), "scenario-id", f"not JSON: {error}"
        return
    found = scenario.get("id") if isinstance(scenario, dict) else None
    if found != wanted:
        places = lines_of(re.compile(r'"id"\s*:'), text)
        yield places[0] if places else 1, "scenario-id", f"id is {found!r}, not {wanted!r}"


def check_file(path, text):
    """All findings in one file, as (line, rule, message).  The path is relative, with slashes."""
    suffix = Path(path).suffix
    for line in lines_of(UNFINISHED, text):
        yield line, "unfinished", "finish it, or write TODO(name): why not now"
    for line in lines_of(MACHINE_PATH, text):
        yield line, "machine-path", "a path of one machine"
    length = text.count("\n")
    if suffix in MEASURED and length > MAX_LINES:
        yield MAX_LINES, "length", f"{length} lines, at most {MAX_LINES}: split it"
    if suffix in CPP:
        yield from check_cpp(path, text)
    if path.startswith("scenarios/") and suffix == ".json" and path != "scenarios/schema.json":
        yield from check_scenario(path, text)


# --- Names of one file only ------------------------------------------------------------------
# A library may be compiled as one translation unit: then two files' own types and constants of one
# name are one too many.
UNNAMED = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.M | re.S)
OWN_NAME = re.compile(r"^(?:(?:struct|class|enum class) (\w+)[^;\n]*\{|using (\w+ = .*);|"
                      r"(?:inline )?constexpr [^=({;\n]*\b(k\w+)\b(?:\[\w*\])?[ ={(])", re.M)


def own_names(text):
    """(name, line, meaning) of the types and constants that only this file knows.  Aliases of one
    meaning may stand side by side."""
    for part in UNNAMED.finditer(text):
        for own in OWN_NAME.finditer(part[0]):
            name, _, meaning = next(filter(None, own.groups())).partition(" = ")
            yield name, text.count("\n", 0, part.start() + own.start()) + 1, meaning


def library_of(path):
    """What a file is compiled into: its room's library."""
    if not path.endswith(".cc") or path.startswith("tests/"):
        return None
    return path.rpartition("/")[0]


class OwnNames:
    """Collects the names of each file and finds those that an earlier file of its library has too."""

    def __init__(self):
        self.files = {}

    def check(self, path, text):
        library = library_of(path)
        if library is None:
            return
        for name, line, meaning in own_names(text):
            other, means = self.files.setdefault((library, name), (path, meaning))
            if other != path and not (meaning and meaning == means):
                yield line, "own-name", f"{other} has a {name} of its own, in the same library"


def files_in(root):
    # In a worktree .git is a file.
    yield from (file for file in sorted(root.iterdir()) if file.is_file() and file.name != ".git")
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            skipped = {"node_modules", "__pycache__"}.intersection(file.parts)
            if file.is_file() and not skipped:
                yield file


def lint(root):
    """All findings below the root."""
    names, rooms, reasons = OwnNames(), Rooms(), Reasons()
    citations = Citations.of(root, files_in(root))
    for file in files_in(root):
        path = file.relative_to(root).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # Binary test data.
        for line, rule, message in (*check_file(path, text), *names.check(path, text),
                                    *citations.check(path, text, words_of(path, text))):
            yield Finding(path, line, rule, message)
        rooms.add(path, text)
        reasons.add(path, text)
    for finding in (*rooms.findings(), *reasons.findings()):
        yield Finding(*finding)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    findings = list(lint(root))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
