#!/usr/bin/env bash
# Has schemathesis ask a running server everything that its OpenAPI document promises, and much that it does not:
# check-openapi.sh SECONDS. The tool lies in target/tools, and is not needed to run Taipan.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
source "$here/messages.sh"

seconds=${1:-60}
version=4.32.5
tools=$root/target/tools/schemathesis
log=$root/target/tools/schemathesis-setup.log
python=${TAIPAN_VENV:-$root/.venv}/bin/python

if ! "$tools/bin/schemathesis" --version 2>/dev/null | grep -q "$version"; then
    mkdir -p "$root/target/tools"
    { "$python" -m venv "$tools" && "$tools/bin/pip" install --quiet "schemathesis==$version"; } >"$log" 2>&1 ||
        stop "schemathesis cannot be installed: check the network or its proxy, then run make openapi again ($log has the details)."
fi

folder=$(mktemp -d)
server=
cleanup() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

cargo build --quiet
program=$(cargo metadata --format-version 1 --no-deps | "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/taipan
DATA_DIR=$folder/data HTTP_ADDRESS=127.0.0.1:0 HTTP_REQUESTS_PER_MINUTE=1000000 "$program" serve 2>"$folder/log" &
server=$!
for _ in {1..600}; do
    address=$(sed -n 's/.*listens on //p' "$folder/log")
    [[ -z $address ]] || break
    kill -0 "$server" 2>/dev/null || stop "the server did not start: $(cat "$folder/log")"
    sleep 0.1
done

# Not `unsupported_method`: a method that nobody knows is answered by the one form of errors as any other.
timeout --signal=INT "$((seconds + 60))" "$tools/bin/schemathesis" run "$address/openapi.json" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --max-time "$seconds" --generation-database none --workers 1
