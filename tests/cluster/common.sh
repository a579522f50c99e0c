# SPDX-License-Identifier: Apache-2.0
# For the tests beside it: sourced, not run. EBB, SOURCE and a scratch folder WORK are set; the folder and what
# was started go away at the end.
# shellcheck shell=bash

EBB=$(readlink -f "$1")
SOURCE=$(readlink -f "$2")
HERE=$SOURCE/tests/cluster
WORK=$(mktemp -d)
SWEEP=$HERE/sweep.yaml
SHARDS=4
export EBB SOURCE HERE WORK SWEEP SHARDS

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
skip() {
    echo "SKIPPED: $*" >&2
    exit 77
}

# The whole table of a database, in the order of the runs, without what no two sweeps share.
table() {
    python3 - "$1" <<'PY'
import sqlite3
import sys

rows = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT * FROM runs ORDER BY point, repeat")
print([c[0] for c in rows.description])
for row in rows:
    print(row)
PY
}

# The sweep in one piece: what every other way of running it must give, row for row.
whole() {
    "$EBB" sweep "$SWEEP" --quiet --jobs 1 --out "$WORK/whole" >/dev/null || fail "the sweep itself ends with $?"
    table "$WORK/whole/results.sqlite" >"$WORK/whole.txt"
    [[ $(wc -l <"$WORK/whole.txt") -eq 401 ]] || fail "400 rows expected, not $(($(wc -l <"$WORK/whole.txt") - 1))"
}

same_as_whole() {
    table "$1" >"$WORK/other.txt"
    cmp "$WORK/whole.txt" "$WORK/other.txt" || fail "$1 is not the table of the sweep in one piece"
}
