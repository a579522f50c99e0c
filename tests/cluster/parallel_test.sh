#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Do the shards of a sweep, run by GNU parallel and merged, give the table of the sweep in one piece?
#   parallel_test.sh EBB SOURCE
set -euo pipefail
# shellcheck disable=SC1091  # beside it
. "$(dirname "$(readlink -f "$0")")/common.sh"
trap 'rm -rf "$WORK"' EXIT

[[ $(parallel --version 2>/dev/null) = 'GNU parallel'* ]] || skip "there is no GNU parallel (tools/setup cluster)"

whole
seq 0 $((SHARDS - 1)) |
    parallel --jobs 2 --halt now,fail=1 "$EBB" sweep --quiet "$SWEEP" --shard "{}/$SHARDS" --jobs 1 --out "$WORK/shards" ||
    fail "parallel ends with $?"
"$EBB" merge "$WORK/shards" --out "$WORK/merged" >/dev/null || fail "merge ends with $?"
same_as_whole "$WORK/merged/results.sqlite"
echo "the shards of GNU parallel give the sweep's table, row for row"
