#!/usr/bin/env bash
# Installs Debian or Ubuntu packages: install-packages.sh WHAT-FOR PACKAGE...
# Needs root or sudo. Otherwise it says in one sentence what is missing and which command brings it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/messages.sh"

purpose=$1
shift
command="apt-get install -y --no-install-recommends $*"

command -v apt-get >/dev/null ||
    stop "$purpose is missing, and this system has no apt-get: install it with your own package manager, then run make again."

if [[ $(id -u) == 0 ]]; then
    as_root=()
elif command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    as_root=(sudo)
else
    stop "$purpose is missing: run \`sudo $command\` (or the same as root), then make again."
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2
}

say "installing $* ($purpose is missing)"
# The lists of packages are empty in fresh containers and stale on old machines; only then are they fetched.
apt install -y -qq --no-install-recommends "$@" 2>/dev/null || {
    apt update -qq && apt install -y -qq --no-install-recommends "$@"
} || stop "$purpose could not be installed: see what \`$command\` says, then run make again."
