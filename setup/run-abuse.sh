#!/usr/bin/env bash
# Runs the abuse suite TIMES times (100), as whoever calls this and, when that is root, as an ordinary user as well.
set -euo pipefail
cd "$(dirname "$0")/.."

times="${TIMES:-100}"
cargo build --quiet --bin taipan
program="$(cargo test --no-run --test all 2>&1 | sed -n 's/.*Executable .*(\(.*\))$/\1/p')"
[[ -x "$program" ]] || { echo "The test program could not be built." >&2; exit 1; }

# "as whom", then what runs a program as that one.
run() {
    local name="$1"
    shift
    for ((number = 1; number <= times; number++)); do
        echo "abuse suite as $name: $number of $times"
        "$@" "$program" interpreter::abuse:: --test-threads=1 --quiet
    done
}

run "$(id -un)" env
if [[ "$(id -u)" == 0 ]]; then
    # Nobody's number, so that it owns nothing; its folder is removed at the end.
    folder="$(mktemp --directory)"
    trap 'rm -rf "$folder"' EXIT
    chown 61518:61518 "$folder"
    run "an ordinary user" setpriv --reuid=61518 --regid=61518 --clear-groups env HOME="$folder" TMPDIR="$folder"
fi
