#!/usr/bin/env bash
# Sees to it that Rust and a C compiler (which links, and builds a few dependencies) are there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/messages.sh"

command -v cargo >/dev/null ||
    stop "Rust is missing: install it as https://rustup.rs says, open a new shell, then run make again."

# A compiler without the C library's headers builds nothing, so one tiny program is compiled.
compiles() {
    command -v cc >/dev/null && echo '#include <stdio.h>' | cc -E - >/dev/null 2>&1
}

compiles || "$here/install-packages.sh" "a C compiler" gcc libc6-dev
compiles || stop "The C compiler \`cc\` does not work: see what \`echo 'int main(){}' | cc -x c -\` says, then run make again."
