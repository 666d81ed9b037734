#!/usr/bin/env python3
"""Makes the pages of the viewer, that of a run and the index of a site, and C++ of them for the build.

    inline.py ROOT --out=FILE.cc

Modules cannot be loaded from the disk, so they go into the page as data: addresses of an import
map, under #name.mjs, whatever folder they are in: no two have the same name.  The places of a run, @META@ and @DATA@, are left open.
"""
import argparse
import base64
import json
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[1] / "captions"))
from captions import locales_of

# The style sheets of each page, in order.
STYLES = {"index.html": ("tokens", "controls", "page", "stage", "cells", "panels", "dock", "narrow"),
          "site.html": ("tokens", "controls", "site")}
PIECE = 4000  # Characters in one string of C++.


IMPORT = re.compile(r"(from|import) '(?:#|(?:\.{1,2}/)+(?:\w+/)*)([\w.]+)'")


def modules_of(viewer, text):
    """The code of all modules that a text imports, also through others, by their names."""
    files = {file.name: file for file in viewer.rglob("*.mjs")}
    found = {}
    wanted = [name for _, name in IMPORT.findall(text)]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = files[name].read_text()
            wanted += [other for _, other in IMPORT.findall(found[name])]
    return dict(sorted(found.items()))


def page(root, name):
    viewer = root / "tools/viewer"
    html = (viewer / name).read_text()
    imports = {}
    for module, code in modules_of(viewer, html).items():
        encoded = base64.b64encode(IMPORT.sub(r"\1 '#\2'", code).encode()).decode()
        imports["#" + module] = "data:text/javascript;base64," + encoded
    locales = {name.split("-")[0]: locale for name, locale in locales_of(root).items()}
    for locale in locales.values():
        del locale["watch"]  # The terminal's.
    parts = {"@STYLE@": "".join((viewer / "style" / f"{sheet}.css").read_text() for sheet in STYLES[name]),
             "@CATALOGUE@": json.dumps(locales, ensure_ascii=False).replace("<", "\\u003c"),
             "@IMPORTS@": json.dumps({"imports": imports})}
    for place, text in parts.items():
        html = html.replace(place, text)
    return html


def function(name, text):
    """A function of C++ that returns the text."""
    pieces = [text[i:i + PIECE] for i in range(0, len(text), PIECE)]
    return [f"std::string {name}() {{", "  static constexpr const char* kPieces[] = {",
            *(f'      R"zab({piece})zab",' for piece in pieces), "  };", "  std::string text;",
            "  for (const char* piece : kPieces) text += piece;", "  return text;", "}", ""]


def cpp(root):
    return "\n".join(["// Made from tools/viewer by tools/viewer/inline.py.",
                      '#include "tools/zabsim/view/page.h"', "", "namespace zabsim {", "",
                      *function("ViewerTemplate", page(root, "index.html")),
                      *function("SiteTemplate", page(root, "site.html")),
                      "}  // namespace zabsim", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.write_text(cpp(arguments.root))


if __name__ == "__main__":
    main()
