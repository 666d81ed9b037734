#!/usr/bin/env python3
"""Makes one page of the viewer, and C++ of that page for the build.

    inline.py ROOT --out=FILE.cc

Modules cannot be loaded from the disk, so they go into the page as data: addresses of an import
map, under #name.mjs.  The places of a run, @META@ and @DATA@, are left open.
"""
import argparse
import base64
import json
import re
from pathlib import Path

PIECE = 4000  # Characters in one string of C++.


def page(root):
    viewer = root / "tools/viewer"
    imports = {}
    for module in sorted(viewer.glob("*.mjs")):
        code = re.sub(r"(from|import) '\./", r"\1 '#", module.read_text())
        encoded = base64.b64encode(code.encode()).decode()
        imports["#" + module.name] = "data:text/javascript;base64," + encoded
    locales = {name: json.loads((root / f"tools/captions/{file}.json").read_text())
               for name, file in (("en", "en"), ("zh", "zh-Hans"))}
    parts = {"@STYLE@": (viewer / "style.css").read_text(),
             "@CATALOGUE@": json.dumps(locales, ensure_ascii=False).replace("</", "<\\/"),
             "@IMPORTS@": json.dumps({"imports": imports})}
    html = (viewer / "index.html").read_text()
    for place, text in parts.items():
        html = html.replace(place, text)
    return html


def cpp(text):
    pieces = [text[i:i + PIECE] for i in range(0, len(text), PIECE)]
    return "\n".join(["// Made from tools/viewer by tools/viewer/inline.py.",
                      '#include "tools/zabsim/view/page.h"', "", "namespace zabsim {",
                      "namespace {", "", "constexpr const char* kViewerPieces[] = {",
                      *(f'    R"zab({piece})zab",' for piece in pieces), "};", "",
                      "}  // namespace", "", "std::string ViewerTemplate() {",
                      "  std::string text;",
                      "  for (const char* piece : kViewerPieces) text += piece;",
                      "  return text;", "}", "", "}  // namespace zabsim", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.write_text(cpp(page(arguments.root)))


if __name__ == "__main__":
    main()
