#!/usr/bin/env bash
# The whole suite on the embedded stack (on all cores, then what needs the machine to itself), then
# what touches services on the real ones, then the gates.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
work=$(mktemp -d)
services() { DATA_DIR=$work/services $python -m scripts.services "$@"; }
trap 'services down; rm -rf "$work"' EXIT
failed=0
rm -f .coverage .coverage.*
lacking=$($python -m scripts.install) || echo "缺少：$lacking" >&2

chosen=$#
LIMIT_S=2400 # for a whole pass: a run that hangs must say so before it is cut off

pass() { # NAME COMMAND…: run the tests, keep the closing line
  local name=$1; shift
  echo "== $name"
  COVERAGE_FILE=.coverage.$name DATA_DIR=$work/$name timeout --foreground "$LIMIT_S" "$@" 2>&1 | tee "$work/$name.log"
  local status=${PIPESTATUS[0]}
  if [ "$status" = 5 ] && [ "$chosen" != 0 ]; then status=0; fi # none of the chosen tests is of this pass
  [ "$status" = 0 ] || failed=1
}

run=("$python" -m pytest --cov --cov-report= --durations=10)
embedded=(env -u DATABASE_URL -u REDIS_URL -u ELASTICSEARCH_URL "${run[@]}")
again=(--only-rerun . -raR) # what waits for other processes is run once more, and named at the end
on_all_cores=(-n auto --dist loadfile -m "not soak and not journey and not stack")
alone=("${again[@]}" -m "not soak and (journey or stack)") # browsers, and processes that are killed
pass embedded "${embedded[@]}" "${on_all_cores[@]}" "$@"
pass embedded-alone "${embedded[@]}" "${alone[@]}" "$@"
if addresses=$(services up --hasty); then
  distributed=(env ${addresses//export /} "${run[@]}")
  pass distributed "${distributed[@]}" "${again[@]}" "${on_all_cores[@]}" "$@"
  pass distributed-alone "${distributed[@]}" "${alone[@]}" "$@"
else
  echo "跳过真实服务上的测试：缺少服务（见上）" | tee "$work/distributed.log"
  [ "${CI:-}" != true ] || failed=1
fi
$python -m scripts.gates || failed=1
for log in "$work"/*.log; do printf '%s: %s\n' "$(basename "$log" .log)" "$(tail -n 1 "$log")"; done
exit $failed
