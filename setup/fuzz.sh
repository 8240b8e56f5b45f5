#!/usr/bin/env bash
# Fuzzes one target: fuzz.sh TARGET SECONDS BUILD. Begins with the inputs in fuzz/seeds, and goes on from those that
# earlier runs found, which stay in BUILD. The input of a failure is left in fuzz/artifacts.
#
# With Rust's stable compiler there are no sanitizers: what is found are panics, checks that fail, memory and time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/messages.sh"

target=$1 seconds=$2 build=$3
found="$build/found/$target"
failures="$here/../fuzz/artifacts/$target"
log="$build/$target.log"
mkdir -p "$found" "$failures"

program=("$build"/*/debug/"$target")
# Inputs of any length from the start; a lone one that takes long, or much memory, is a failure, too.
"${program[0]}" "$found" "$here/../fuzz/seeds/$target" -max_total_time="$seconds" -max_len=1024 -len_control=0 \
    -timeout=120 -rss_limit_mb=1024 -artifact_prefix="$failures/" >"$log" 2>&1 || {
    grep -v -e ' NEW ' -e ' REDUCE ' -e ' pulse ' "$log" | tail -n 60
    stop "$target: an input makes it fail, see above; \`cargo fuzz run --dev --sanitizer none $target FILE\` does so again."
}
say "$target: $(sed -n 's/^Done //p' "$log"), $(sed -n 's/.*DONE.*\(cov: [0-9]*\).*/\1/p' "$log")"
