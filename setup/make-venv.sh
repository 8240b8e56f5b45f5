#!/usr/bin/env bash
# Makes the project's virtual environment, .venv or $TAIPAN_VENV, with the packages of the locked lists.
#
# A stamp, written last, says what the environment was made from. While it holds, this does nothing. Where it does
# not (a list changed, another PYTHON is named, the folder was moved, an earlier attempt was cut short), the
# environment is made anew from the start.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
source "$here/messages.sh"

venv=$(realpath --no-symlinks --canonicalize-missing "${TAIPAN_VENV:-$root/.venv}")
python=$venv/bin/python
choice=$venv/taipan-python
stamp=$venv/taipan-stamp
log=$venv/taipan-setup.log
lists=("$root/python/requirements/base.txt" "$root/python/requirements/dev.txt")

# What the stamp says when the environment is up to date: the Python it comes from, its version, place and lists.
stamp_of() {
    local version
    version=$("$1" -c 'import sys; print(*sys.version_info[:2], sep=".")') || return 1
    printf 'python %s\nversion %s\nvenv %s\nlists %s\n' "$1" "$version" "$venv" \
        "$(cat "${lists[@]}" | sha256sum | cut -d ' ' -f 1)"
}

# Without PYTHON, an environment stays with the Python once chosen for it, also when it has to be made anew.
wanted_python() {
    if [[ -z ${PYTHON:-} && -x $previous_python ]]; then
        echo "$previous_python"
    else
        "$here/find-python.sh"
    fi
}

is_up_to_date() {
    [[ -f $stamp && $(stamp_of "$1") == "$(<"$stamp")" ]] && "$python" -c '' 2>/dev/null
}

# Only what this script made is removed; a folder that is somebody else's stays.
remove_old() {
    [[ -e $venv ]] || return 0
    [[ $venv == "$root/.venv" || -f $log || -z $(ls -A "$venv") ]] ||
        stop "$venv was not made by this project: move it away, or name another folder with TAIPAN_VENV."
    { rm -f "$stamp" && rm -rf "$venv"; } 2>/dev/null ||
        stop "$venv cannot be removed: remove it, then run make venv again."
}

# Runs a step quietly; when it fails, one sentence says why, and the log has the rest.
step() {
    "$@" >>"$log" 2>&1 && return 0
    if grep -qiE 'CERTIFICATE_VERIFY_FAILED|UnknownIssuer|invalid peer certificate' "$log"; then
        stop "The package index's certificate is not trusted here: add your network's authority to /etc/ssl/certs (update-ca-certificates), then run make venv again."
    fi
    if grep -qiE 'dns error|name resolution|failed to (fetch|resolve)|connection|timed out|unreachable|sending request|versions: none' "$log"; then
        stop "The package index cannot be reached: check the network or its proxy, then run make venv again ($log has the details)."
    fi
    stop "The virtual environment cannot be made: $(grep -iE 'error|×|caused' "$log" | tail -n 1 | sed 's/^ *//') ($log has the rest)."
}

# pip knows the user's index, and the system's certificates; uv has to be told.
tell_uv_what_pip_knows() {
    local index
    index=$("$python" -m pip config get global.index-url 2>/dev/null || true)
    index=${PIP_INDEX_URL:-$index}
    [[ -z $index ]] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
    # Without these, a network with an authority of its own is not trusted.
    [[ ! -s /etc/ssl/certs/ca-certificates.crt ]] || export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}
}

install_lists() {
    local uv=("$venv/bin/uv" pip) install=(install --python "$python" --require-hashes --only-binary :all: --compile-bytecode)
    awk '/^uv==/ { found = 1 } found { print } found && !/\\$/ { exit }' "${lists[0]}" >"$venv/taipan-uv.txt"
    step "$python" -m pip install --quiet --require-hashes --only-binary :all: -r "$venv/taipan-uv.txt"
    tell_uv_what_pip_knows
    # Some versions of Python put setuptools into each environment; here all have the same packages.
    step "${uv[@]}" uninstall --python "$python" setuptools
    step "${uv[@]}" "${install[@]}" -r "${lists[0]}"
    # The versions that packages installed later, for users, have to agree with.
    "${uv[@]}" freeze --python "$python" 2>>"$log" | grep -v '^pip==' >"$venv/taipan-base.txt"
    step "${uv[@]}" "${install[@]}" -r "${lists[1]}"
}

# PyO3 looks at Python once and remembers; it cannot see that another one stands in the same place.
forget_built_python() {
    local profile
    [[ $previous_python != "$source_python" ]] || return 0
    [[ -d ${CARGO_TARGET_DIR:-$root/target} ]] && command -v cargo >/dev/null || return 0
    for profile in dev release; do
        step cargo clean --quiet --manifest-path "$root/Cargo.toml" --package pyo3-ffi --profile "$profile"
    done
}

# Two makes at once take turns.
exec 9<"${BASH_SOURCE[0]}"
flock 9

previous_python=$(cat "$choice" 2>/dev/null || true)
source_python=$(wanted_python)
is_up_to_date "$source_python" && exit
remove_old
{ mkdir -p "$venv" && : >"$log"; } 2>/dev/null ||
    stop "$venv cannot be written to: make its folder writable, or name another with TAIPAN_VENV."
say "making $venv with $source_python; the first time, some 200 MB of packages are downloaded"
forget_built_python
echo "$source_python" >"$choice"
step "$source_python" -m venv "$venv"
install_lists
stamp_of "$source_python" >"$stamp"
