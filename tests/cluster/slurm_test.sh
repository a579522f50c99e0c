#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Does tools/slurm bring a sweep through a real Slurm (of one node), also when a shard is killed in the middle?
#   slurm_test.sh EBB SOURCE
set -euo pipefail
# shellcheck disable=SC1091  # beside it
. "$(dirname "$(readlink -f "$0")")/common.sh"
trap '"$HERE/one_node_slurm" stop "$WORK/slurm"; rm -rf "$WORK"' EXIT

started=$("$HERE/one_node_slurm" start "$WORK/slurm") || exit $?
eval "$started"
whole

# Until no job is left in the queue; collect may have submitted further ones.
wait_for_all() {
    for _ in $(seq 600); do
        [[ -n $(squeue -h -o %i) ]] || return 0
        sleep 0.2
    done
    fail "the queue is not empty after two minutes: $(squeue)"
}
tell() { tail -n 5 "$1"/log/* >&2; }

# 1. All goes well.
"$SOURCE/tools/slurm/submit" "$SWEEP" "$WORK/good" --shards "$SHARDS" --at-once 2 >"$WORK/good.ids"
grep -q '^array [0-9]*$' "$WORK/good.ids" || fail "submit does not name the array: $(cat "$WORK/good.ids")"
wait_for_all
same_as_whole "$WORK/good/results.sqlite" || { tell "$WORK/good"; exit 1; }

# 2. Shard 2 is killed in the middle of its first attempt, by SIGKILL, with part of its rows written.
cat >"$WORK/dying" <<DYING
#!/bin/bash
case "\$*" in
*"--shard 2/$SHARDS"*)
    if mkdir "$WORK/died" 2>/dev/null; then
        "$EBB" "\$@" &
        child=\$!
        # It runs for a moment and is held while one looks, so that the middle cannot be missed.
        while kill -STOP \$child 2>/dev/null; do
            rows=\$("$HERE/done_rows" "$WORK/killed/results.2-of-$SHARDS.sqlite")
            if [[ \$rows -gt 0 ]]; then
                echo "\$rows" >"$WORK/died/rows"
                kill -KILL \$child
                kill -KILL \$\$
            fi
            kill -CONT \$child
            sleep 0.02
        done
    fi
    ;;
esac
exec "$EBB" "\$@"
DYING
chmod +x "$WORK/dying"
EBB=$WORK/dying "$SOURCE/tools/slurm/submit" "$SWEEP" "$WORK/killed" --shards "$SHARDS" >"$WORK/killed.ids"
wait_for_all
rows=$(cat "$WORK/died/rows") || { tell "$WORK/killed"; fail "the shard did not die"; }
[[ $rows -gt 0 && $rows -lt 100 ]] || fail "the shard was not killed in the middle: $rows of its 100 rows were written"
grep -qx "lost shards 2: attempt 2 of 3" "$WORK"/killed/log/merge-*.txt || { tell "$WORK/killed"; fail "the lost shard was not noticed"; }
same_as_whole "$WORK/killed/results.sqlite" || { tell "$WORK/killed"; exit 1; }

# 3. A shard that dies every time is given up; what is there is merged, and the collecting job says so.
cat >"$WORK/dead" <<DEAD
#!/bin/bash
case "\$*" in *"--shard 1/$SHARDS"*) kill -KILL \$\$ ;; esac
exec "$EBB" "\$@"
DEAD
chmod +x "$WORK/dead"
EBB=$WORK/dead "$SOURCE/tools/slurm/submit" "$SWEEP" "$WORK/dead.out" --shards "$SHARDS" --attempts 2 >/dev/null
wait_for_all
grep -q "lost shards 1: given up after 2 attempts" "$WORK"/dead.out/log/merge-*.txt || fail "the dead shard was not given up"
[[ $("$HERE/done_rows" "$WORK/dead.out/results.sqlite") -eq 300 ]] || fail "the other shards were not merged"
echo "a sweep goes through Slurm, with a shard killed in the middle ($rows of 100 rows kept) and one given up"
