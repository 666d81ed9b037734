"""Field lists are whole, and every reason has its test.

A struct with a list of its fields (protocol/base/fields.h) is compared and hashed by it: a member
that is missing there would go unnoticed.  A member whose comment begins `Not a field` may be.
"""
import re

LIST = re.compile(r"^( +)void Fields\(Visitor&& field\) const \{\n(.*?)^\1\}", re.M | re.S)
MEMBER = re.compile(r"(?:const )?[\w:]+(?:<.*>)?\*? (\w+(?: = [^,;]+|\{[^}]*\})?(?:, \w+(?: = [^,;]+)?)*);$")
NO_MEMBER = re.compile(r"(friend|static|using|enum|struct|class|template|explicit|return|\})\b")


def members(body, indent):
    """(name, offset) of the data members declared at that depth; clang-format has set the indent."""
    offset, statement, begin = 0, "", 0
    for line in body.splitlines(keepends=True):
        code, _, comment = line.partition("//")
        at_depth = code.startswith(indent) and not code.startswith(indent + " ")
        if statement or (at_depth and code.strip()):
            begin = begin if statement else offset
            statement += " " * bool(statement) + code.strip()
            if statement.endswith((";", "{", "}", ":")):
                match = MEMBER.match(statement)
                if match and not NO_MEMBER.match(statement) and "Not a field" not in comment:
                    for name in match[1].split(", "):
                        yield re.match(r"\w+", name)[0], begin
                statement = ""
        offset += len(line)


def check_fields(text):
    """(line, rule, message) of each member that its struct's list leaves out."""
    for found in LIST.finditer(text):
        indent = found[1]
        outer = indent[:-2]
        heads = list(re.finditer(rf"^{outer}(?:struct|class) (\w+)[^;\n]*\{{\n", text[:found.start()], re.M))
        if not heads:
            continue
        start = heads[-1].end()
        end = re.compile(rf"^{outer}\}}", re.M).search(text, found.end())
        listed = set(re.findall(r"\w+", found[2]))
        for name, offset in members(text[start:end.start() if end else None], indent):
            if name not in listed:
                yield (text.count("\n", 0, start + offset) + 1, "fields",
                       f"{heads[-1][1]}::Fields leaves out {name}")


# --- Reasons ---------------------------------------------------------------------------------
REASONS = "protocol/boundary/trace.h"
REASON_TESTS = re.compile(r"tests/protocol/reasons\w*_test\.cc")


class Reasons:
    """Takes file by file; then finds the reasons that no test is named after: TEST(Reason, BadBytes)
    for Reason::kBadBytes."""

    def __init__(self):
        self.lines, self.tested = {}, set()

    def add(self, path, text):
        if path == REASONS:
            enum = re.search(r"enum class Reason [^{]*\{\n(.*?)^\};", text, re.M | re.S)
            for match in re.finditer(r"^  k(\w+),", enum[1] if enum else "", re.M):
                self.lines[match[1]] = text.count("\n", 0, enum.start(1) + match.start()) + 1
        if REASON_TESTS.fullmatch(path):
            self.tested.update(re.findall(r"TEST(?:_F)?\(Reason, (\w+)\)", text))

    def findings(self):
        for name, line in self.lines.items():
            if name not in self.tested:
                yield (REASONS, line, "reason-test",
                       f"no TEST(Reason, {name}) in tests/protocol/reasons_test.cc")
