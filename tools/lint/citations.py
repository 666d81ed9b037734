"""Citations: what a comment or a page refers to must be in the repository, or public literature.

A page that is named must exist.  A number after a numbered page's name ("REFERENCE.md 7.2,
15.6", "REFERENCE.md D11") must be one of its headings or deviations, and P1, P2, ... in C++
comments one of its persistence rules.
"""
import re

NUMBERED = ("protocol/REFERENCE.md", "scenarios/LANGUAGE.md", "scenarios/SEARCH.md")
REFERENCE = "protocol/REFERENCE.md"
CPP = (".cc", ".h")

# Names of pages that are not in the repository, for places where they are named without ".md".
# Spelt in pieces, so that this file passes.
OUTSIDE_PAGES = re.compile(r"(?<![\w-])(zab-ref" + r"erence|house-gu" + r"ide|"
                           r"scenario-lang" + r"uage|known-bu" + r"gs\b(?!/)|style-anch" + r"ors)\b")
PAGE = re.compile(r"(?<![\w/.*-])(?!build/)((?:[\w.-]+/)*[\w-]+\.md)\b")

GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?://+|#)[ \t]*)"  # A citation may go on in the next comment line.
LABEL = r"(?:D\d+|\d+(?:\.\d+)*)(?![\w.]*\w)"
CITED = re.compile(rf"\b(\w+\.md){GAP}({LABEL}(?:(?:,|{GAP}(?:and|to)){GAP}{LABEL})*)")
HEADING = re.compile(r"^#+ (\d+(?:\.\d+)*|P\d+)\b", re.M)
DEVIATION = re.compile(r"^\* \*\*(D\d+)\.", re.M)
ANY_DEVIATION = re.compile(r"(?<![\w+])D\d{1,2}\b")
RULE = re.compile(r"(?<![\w.:])P\d{1,2}\b(?!\()")


def labels_of(text):
    """What may be cited of a numbered page, each once."""
    return HEADING.findall(text) + DEVIATION.findall(text)


class Citations:
    """Knows the pages of a tree: path -> labels, none for a page without numbers."""

    def __init__(self, pages):
        self.pages = pages
        self.names = {path.rsplit("/", 1)[-1] for path in pages}
        self.numbered = {path.rsplit("/", 1)[-1]: set(labels)
                         for path, labels in pages.items() if labels}

    @classmethod
    def of(cls, root, files):
        pages = {}
        for file in files:
            path = file.relative_to(root).as_posix()
            if path.endswith(".md"):
                text = file.read_text(encoding="utf-8")
                pages[path] = labels_of(text) if path in NUMBERED else []
        return cls(pages)

    def exists(self, page, path):
        folder = path.rpartition("/")[0]
        return (page in self.pages or f"{folder}/{page}" in self.pages or
                ("/" not in page and page in self.names))

    def check(self, path, text, words):
        """`words`: the text with everything but comments blanked; the whole text of a page."""
        def line(match, group=0):
            return text.count("\n", 0, match.start(group)) + 1

        for match in OUTSIDE_PAGES.finditer(text):
            yield line(match), "citation", f"{match[0]} is not in this repository"
        for match in PAGE.finditer(words):
            if not self.exists(match[1], path):
                yield line(match), "citation", f"there is no {match[1]} here"
        for match in CITED.finditer(words):
            known = self.numbered.get(match[1])
            for label in re.findall(LABEL, match[2]):
                if known is not None and label not in known:
                    yield line(match, 2), "citation", f"{match[1]} has no {label}"
        reference = set(self.pages.get(REFERENCE, ()))
        own = (RULE,) if path.endswith(CPP) else (RULE, ANY_DEVIATION) if path == REFERENCE else ()
        for match in (each for pattern in own for each in pattern.finditer(words)):
            if match[0] not in reference:
                yield line(match), "citation", f"REFERENCE.md has no {match[0]}"
        labels = self.pages.get(path, ())
        for label in sorted({each for each in labels if labels.count(each) > 1}):
            yield 1, "citation", f"{label} comes twice"
