#!/usr/bin/env bash
# Runs every fuzzer for some seconds over its corpus, as many at once as there are cores:
# tests/fuzz/run.sh SECONDS_EACH [BUILD_DIR]
# They are built by: ./dev build asan
#
# New inputs go to a directory that is dropped at the end; what breaks a fuzzer is kept in BUILD_DIR/findings. A finding
# becomes a unit test first, then it is fixed; an input worth keeping goes to tests/fuzz/corpus. Exits 1 on a finding.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:?usage: tests/fuzz/run.sh SECONDS_EACH [BUILD_DIR]}
build=${2:-build/asan}
findings=$build/findings
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$findings"
export UBSAN_OPTIONS=print_stacktrace=1

run_fuzzer() { # PROGRAM
  local name=${1##*/fuzz_} log status=0 runs
  log=$scratch/$name.log
  mkdir "$scratch/$name"
  "$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$findings/$name-" "$scratch/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1 || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if ((status == 0)); then
    printf 'fuzz_%s: %s runs, nothing found\n' "$name" "$runs"
    return 0
  fi
  cp "$log" "$findings/$name.log"
  printf 'fuzz_%s: FOUND after %s runs, see %s.log\n' "$name" "${runs:-?}" "$findings/$name"
  grep -E '^(SUMMARY|vedette:|==[0-9]+== ?ERROR)' "$log" | head -5 || true
  return 1
}

shopt -s nullglob
programs=("$build"/tests/fuzz/fuzz_*)
if ((${#programs[@]} == 0)); then
  echo "no fuzzers in $build: ./dev build asan builds them" >&2
  exit 2
fi
found=0
for program in "${programs[@]}"; do
  if [[ ! -x $program || ! -f $program ]]; then continue; fi
  if (($(jobs -rp | wc -l) >= $(nproc))); then wait -n || found=1; fi
  run_fuzzer "$program" &
done
while (($(jobs -p | wc -l) > 0)); do wait -n || found=1; done
exit $found
