#!/usr/bin/env bash
# Prints the path of the Python that Taipan is built against: $PYTHON, or else the first one that has its shared
# library, headers and venv module. On Debian and Ubuntu, what is missing is installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/messages.sh"

# Older minor versions come first because more packages have wheels for them.
versions=(3.11 3.12 3.13 3.14)

# Prints the real path of a Python; or, failing, what is wrong with it.
# A version manager's shim answers like the Python it stands for, or fails like something that is not one.
probe() {
    "$1" -c '' >/dev/null 2>&1 || {
        echo "it does not start"
        return 1
    }
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || {
        echo "it is older than Python 3.11"
        return 1
    }
    "$1" "$here/probe_python.py"
}

# The system's own Python comes before those on PATH: every linker finds its library, and no version manager removes it.
first_complete() {
    local version candidate answer
    for version in "${versions[@]}" 3; do
        for candidate in "/usr/bin/python$version" "$(command -v "python$version" || true)"; do
            [[ -x $candidate ]] || continue
            answer=$(probe "$candidate") || continue
            echo "$answer"
            return 0
        done
    done
    return 1
}

# The packages that bring a complete Python: the distribution's default version, or the first new enough that it offers.
packages() {
    local default version
    default=$(apt-cache show python3 2>/dev/null | sed -n 's/^Version: \(3\.[0-9]*\).*/\1/p' | head -n 1)
    if [[ -z $default || " ${versions[*]} " == *" $default "* ]]; then
        echo "python3-dev python3-venv"
        return
    fi
    for version in "${versions[@]}"; do
        apt-cache show "python$version-dev" >/dev/null 2>&1 || continue
        echo "python$version-dev python$version-venv"
        return
    done
    stop "This system offers Python $default at most: install Python 3.11 or newer built with --enable-shared, then run make again with PYTHON=its/path."
}

if [[ -n ${PYTHON:-} ]]; then
    answer=$(probe "$PYTHON") ||
        stop "PYTHON=$PYTHON cannot be used: $answer. Name a Python 3.11 or newer with shared library and headers, or none."
    echo "$answer"
    exit
fi

# Before the package lists are fetched the default version is a guess, so there is a second round.
for _ in 1 2; do
    first_complete && exit
    wanted=$(packages)
    # shellcheck disable=SC2086 # two words, two packages
    "$here/install-packages.sh" "Python 3.11 or newer with its shared library and headers" $wanted
done
first_complete || stop "No usable Python was found: install Python 3.11 or newer with its shared library, headers and venv module, or name one with PYTHON=its/path."
