# shellcheck shell=bash
# Sourced by the scripts beside it: how they speak, and how they stop.
# Standard output is for answers, so people are spoken to on standard error.

say() {
    printf 'setup: %s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 1
}
