#!/usr/bin/env python3
"""Draws the rooms of the code, and finds what makes them hard to understand: cycles and crowded rooms.

    rooms.py [directory]      prints each room with the rooms that it includes, lowest first
    rooms.py --dot            the same as a graph for Graphviz

A room is a folder, and one library in CMakeLists.txt.  lint.py runs the checks.
"""
import re
import sys
from pathlib import Path

CODE = ("protocol", "sim", "scenarios", "tools")
SUFFIXES = (".cc", ".h")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"((?:' + "|".join(CODE) + r')/[^"\n]+)"', re.M)
MAX_SOURCES = 25
MAY_BE_LARGE = ("sim",)  # One subject: a split would be artificial.


def room_of(path):
    """The folder of a file, by its path from the root of the repository."""
    return path.rpartition("/")[0]


class Rooms:
    """Collects from each file which room includes which."""

    def __init__(self):
        self.sources = {}   # Room -> how many files.
        self.includes = {}  # Room -> room that it includes -> (path, line) of the first place.

    def add(self, path, text):
        if not path.startswith(tuple(f"{top}/" for top in CODE)) or not path.endswith(SUFFIXES):
            return
        room = room_of(path)
        self.sources[room] = self.sources.get(room, 0) + 1
        reached = self.includes.setdefault(room, {})
        for match in INCLUDE.finditer(text):
            other = room_of(match[1])
            if other != room:
                reached.setdefault(other, (path, text.count("\n", 0, match.start()) + 1))

    def order(self):
        """All rooms, each after those that it includes, as far as there is no cycle."""
        done, order = set(), []

        def visit(room):
            if room in done:
                return
            done.add(room)
            for other in sorted(self.includes.get(room, {})):
                visit(other)
            order.append(room)

        for room in sorted(self.includes):
            visit(room)
        return order

    def findings(self):
        """(path, line, rule, message) of each crowded room and of each include against the order."""
        for room, count in sorted(self.sources.items()):
            if count > MAX_SOURCES and room not in MAY_BE_LARGE:
                yield room, 1, "crowd", f"{count} sources in one folder, at most {MAX_SOURCES}: split it"
        height = {room: i for i, room in enumerate(self.order())}
        for room, others in sorted(self.includes.items()):
            for other, (path, line) in sorted(others.items()):
                if height.get(other, -1) > height[room]:
                    yield path, line, "cycle", f"{other} includes {room}, and {room} includes {other}"

    def text(self):
        lines = []
        for room in self.order():
            lines.append(f"{room} ({self.sources.get(room, 0)} files)")
            lines += [f"    -> {other}" for other in sorted(self.includes.get(room, {}))]
        return "\n".join(lines)

    def dot(self):
        edges = [f'  "{room}" -> "{other}";'
                 for room in self.order() for other in sorted(self.includes.get(room, {}))]
        return "\n".join(["digraph rooms {", "  rankdir = BT;", *edges, "}"])


def rooms_of(root):
    rooms = Rooms()
    for top in CODE:
        for file in sorted((root / top).rglob("*")):
            if file.suffix in SUFFIXES:
                rooms.add(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    return rooms


def main():
    arguments = [each for each in sys.argv[1:] if each != "--dot"]
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    rooms = rooms_of(root)
    print(rooms.dot() if "--dot" in sys.argv else rooms.text())


if __name__ == "__main__":
    main()
