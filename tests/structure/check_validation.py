#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/validation.md is current: check_validation.py ROOT EBB [--update].

Runs every published experiment again and compares with the page, number by number (1e-4, as the page has five
digits; tiny errors of the order of rounding only have to stay tiny). Experiments and rows whose recordings are not at
hand, here or when the page was written, are passed over. The README's table must be the page's overview. --update runs `ebb reproduce --all` for the page and
copies the overview into the README (look at the difference before you commit it).
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PART = re.compile(r"<!-- reproduced: begin.*?-->\n(.*?)<!-- reproduced: end -->\n", re.DOTALL)
README = re.compile(r"(<!-- reproduced-overview: begin[^\n]*-->\n)(.*?)(<!-- reproduced-overview: end -->)", re.DOTALL)
VARIES = ("Version ", "Inputs: ")
TINY = 1e-9
NOT_RUN = re.compile(r"(^|\| )not run: trace missing")  # the whole experiment


def environment():
    """Recordings come from where the other tests take them."""
    data = os.environ.get("EBB_TEST_DATA")
    mirror = {"EBB_TRACE_MIRROR": data + "/traces"} if data and "EBB_TRACE_MIRROR" not in os.environ else {}
    return {**os.environ, **mirror}


def part_of(path):
    found = PART.search(path.read_text(encoding="utf-8"))
    if not found:
        sys.exit(f"{path}: the part between the marks 'reproduced' is missing")
    return found.group(1)


def sections(part):
    """Lines by experiment; those of the overview under their slug, too. What varies is left out."""
    by_slug, slug = {}, ""
    for line in part.split("\n"):
        if line.startswith("### "):
            slug = line[4:]
        row = re.match(r"\| \[(\w+)\]", line)
        if line and not line.startswith(VARIES):
            by_slug.setdefault(row.group(1) if row else slug, []).append(line)
    return by_slug


def number(word):
    try:
        return float(word)
    except ValueError:
        return None


def same(mine, fresh):
    """Equal texts, or equal but for the last digits of numbers."""
    if mine == fresh:
        return True
    words = [re.split(r"[ |();]+", line) for line in (mine, fresh)]
    if len(words[0]) != len(words[1]):
        # an error of the order of rounding may vanish altogether
        words = [[w for w in line if number(w) is None or abs(number(w)) > TINY] for line in words]
        if len(words[0]) != len(words[1]):
            return False
    for a, b in zip(*words):
        x, y = number(a), number(b)
        if a != b and (x is None or y is None or
                       (abs(x - y) > 1e-4 * max(abs(x), abs(y)) and max(abs(x), abs(y)) > TINY)):
            return False
    return True


def overview(part):
    lines = part.split("\n")
    rows = [line for line in lines[lines.index("| experiment | against | verdict | headline |"):] if line]
    table = []
    for line in rows:
        if not line.startswith("|"):
            break
        table.append(line.replace("(../scenarios/", "(scenarios/"))
    return "\n".join(table) + "\n"


def problems(root, ebb):
    page = root / "docs" / "validation.md"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([ebb, "reproduce", "--all", "--quiet", "--out", folder], capture_output=True,
                              text=True, check=False, env=environment())
        if done.returncode not in (0, 3):
            sys.exit(f"ebb reproduce --all ends with status {done.returncode}:\n{done.stderr}")
        fresh = sections(part_of(pathlib.Path(folder) / "validation.md"))
    mine = sections(part_of(page))
    if set(mine) != set(fresh):
        yield f"docs/validation.md: experiments differ: {sorted(set(mine) ^ set(fresh))}"
    for slug in sorted(set(mine) & set(fresh)):
        if any(NOT_RUN.search(line) for line in fresh[slug] + mine[slug]):
            continue
        if len(mine[slug]) != len(fresh[slug]):
            yield f"docs/validation.md: {slug} has other rows than the run"
            continue
        for a, b in zip(mine[slug], fresh[slug]):
            if "not run" not in a + b and not same(a, b):
                yield f"docs/validation.md: {slug}\n  page {a}\n  run  {b}"
    found = README.search((root / "README.md").read_text(encoding="utf-8"))
    if not found or found.group(2) != overview(part_of(page)):
        yield "README.md: the table of published experiments is not that of docs/validation.md"


def main():
    root, ebb = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    if "--update" in sys.argv[3:]:
        subprocess.run([ebb, "reproduce", "--all"], check=False, env=environment())
        readme = root / "README.md"
        text = readme.read_text(encoding="utf-8")
        table = overview(part_of(root / "docs" / "validation.md"))
        readme.write_text(README.sub(lambda m: m.group(1) + table + m.group(3), text), encoding="utf-8")
        return 0
    found = list(problems(root, ebb))
    for line in found:
        print(line)
    if found:
        print("bring it up to date: tests/structure/check_validation.py . build/dev/bin/ebb --update")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
