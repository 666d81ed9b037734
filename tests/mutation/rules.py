"""What is left out, since no run executes it, or since it is no part of a server's behaviour; and what
can't be a mutant.  Each rule has a name, under which its mutants are counted."""
import re

from mutant import condition_of, has_statements
from source import FUNCTIONS, Kind, TypeKind, definitions, extent

PRINTING = "names and printing"
UNUSED = "code that only fsck, the other tools and the tests use"
BUG = "branches of known bugs"
CHECK = "ZAB_CHECK, with what it prints (counted once each)"
CONSTANT = "the compiler evaluates it"
FOREIGN = "what only real ZooKeepers, their clients or hostile bytes bring: tests/apache and the fuzzers try it"
DICE = "how numbers are drawn, which makes another experiment and no other server"

PRINTS = {"Name", "NameOf", "ToString", "operator<<", "Fields", "Text", "TextOf", "HashOf"}
PRINTING_FILES = re.compile(r"_text\.cc$|base/(fields|check)\.|boundary/trace\.cc$")
# Quotas, nodes with a time to live, containers, sessions that end, authentication: no client of a run
# has them.
FOREIGN_FILES = re.compile(r"protocol/tree/quotas\.")
FOREIGN_WORDS = re.compile(r"[Qq]uota|[Tt]tl|[Cc]ontainer|[Ss]ession|\b[Aa]uth|kCreate2|[Rr]evalidate")
# Where bytes of others are decoded, no run has any to refuse; what is on disk may be corrupted.
DECODERS = re.compile(r"protocol/(wire/|election/notification)")
REFUSES = re.compile(r"^\{?\s*(return\s+(Bad\w*|Fail\w*|Invalid\w*|absl::\w+Error)\(|Fail\()")
INCLUDE = re.compile(r'#include "([^"]+)"')
WORD = re.compile(rb"[A-Za-z_]\w*")


def prints(file, name):
    return bool(PRINTING_FILES.search(file)) or name.rpartition("::")[2] in PRINTS


def is_message(place, function):
    """Whether a place is in a text that is put together and is no file's name."""
    return not function.endswith("Name") and any(
        cursor.spelling in ("StrCat", "StrAppend", "StrFormat")
        for cursor in [*place.parents, place.cursor] if cursor.kind == Kind.CALL_EXPR)


def unused_files(root):
    """Files of protocol/ whose header nothing includes that runs."""
    included = set()
    for folder in ("protocol", "sim", "scenarios"):
        for path in (root / folder).rglob("*"):
            inside = path.relative_to(root)
            if path.suffix in (".h", ".cc") and "inspection" not in inside.parts:
                included |= {name for name in INCLUDE.findall(path.read_text())
                             if name != str(inside.with_suffix(".h"))}
    headers = {str(path.relative_to(root)) for path in (root / "protocol").rglob("*.h")}
    return {header.removesuffix(".h") for header in headers - included}


def used_names(root, functions):
    """The names that runs may use: of `functions`, [(file, name, body)], those that sim/ and scenarios/
    name, and what these name in turn."""
    used = set()
    for folder in ("sim", "scenarios"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc", ".inc"):
                used.update(WORD.findall(path.read_bytes()))
    waiting = [(name.rpartition("::")[2].encode(), body) for file, name, body in functions
               if not file.startswith("protocol/inspection/")]
    grown = True
    while grown:
        ready = [entry for entry in waiting if entry[0] in used or not entry[0].isalnum()]
        waiting = [entry for entry in waiting if entry not in ready]
        names = {word for _, body in ready for word in WORD.findall(body)}
        grown = bool(names - used)
        used |= names
    return used


def bug_words(folders):
    """The switches of known bugs, their combinations, and what is a name for one of them."""
    words = set()
    for folder in folders:
        for _, cursor in folder.cursors:
            for record in cursor.walk_preorder():
                if record.kind == Kind.STRUCT_DECL and record.spelling == "KnownBugs":
                    words |= {c.spelling for c in record.get_children()
                              if c.kind in (Kind.FIELD_DECL, Kind.CXX_METHOD)}
    words = words - {"Fields", "operator=="} | {"KnownBugs"}
    for folder in folders:
        for file, cursor in folder.cursors:
            for _, function in definitions(file, cursor):
                if function.kind in FUNCTIONS:
                    words |= {word for word in aliases(file, function, words)}
    return words


def aliases(file, function, words):
    """A variable that is initialised by a switch, or a function that returns one."""
    for cursor in function.walk_preorder():
        if cursor.kind == Kind.VAR_DECL and cursor.type.get_canonical().kind == TypeKind.BOOL:
            if needs_bug(file.text(*extent(cursor)).partition("=")[2], words):
                yield cursor.spelling
        if cursor.kind == Kind.RETURN_STMT and function.result_type.kind == TypeKind.BOOL:
            if needs_bug(file.text(*extent(cursor)), words):
                yield function.spelling


def needs_bug(condition, words):
    """Whether a condition can hold with a known bug only."""
    if "||" in condition:
        return False
    return any(set(re.findall(r"\w+", part)) & words and "!" not in part
               for part in condition.split("&&"))


def mentions_bug(text, words):
    return bool(set(re.findall(r"\w+", text)) & words)


def bug_branches(file, cursor, words):
    """Those children of an if or ?: that run with a known bug only."""
    condition = condition_of(cursor)
    if condition is None or not needs_bug(file.text(*extent(condition)), words):
        return []
    if cursor.kind == Kind.IF_STMT:
        return [condition, *has_statements(cursor)[:1]]
    if cursor.kind == Kind.CONDITIONAL_OPERATOR:
        return list(cursor.get_children())[:2]
    return [condition]


def is_foreign(file, text):
    """Whether a text is about what no run has."""
    return bool(FOREIGN_FILES.match(file) or FOREIGN_WORDS.search(text))


def foreign_branches(file, cursor):
    """What of an if, or of a case, runs only for what no run has."""
    if cursor.kind == Kind.CASE_STMT:
        label, *rest = cursor.get_children()
        return rest if is_foreign(file.path, file.text(*extent(label))) else []
    condition = condition_of(cursor)
    if condition is None or cursor.kind != Kind.IF_STMT:
        return []
    branch = has_statements(cursor)[:1]
    if is_foreign(file.path, file.text(*extent(condition))):
        return branch
    return [condition, *branch] if refuses(file, cursor) else []


def refuses(file, cursor):
    """Whether an if refuses bytes that no server of a run sends."""
    return cursor.kind == Kind.IF_STMT and bool(DECODERS.match(file.path)) and any(
        REFUSES.match(file.text(*extent(branch))) for branch in has_statements(cursor)[:1])


def is_compile_time(file, cursor):
    """What the compiler must know: constexpr variables, static_assert, types, labels."""
    if cursor.kind in (Kind.STATIC_ASSERT, Kind.TYPE_ALIAS_DECL, Kind.ENUM_DECL):
        return True
    if cursor.kind not in (Kind.VAR_DECL, Kind.IF_STMT):
        return False
    text = file.text(*extent(cursor))
    if cursor.kind == Kind.IF_STMT:
        return text.startswith("if constexpr")
    return text.startswith(("constexpr", "static constexpr")) or (
        cursor.type.kind == TypeKind.CONSTANTARRAY and "{" not in text)
