#!/usr/bin/env bash
# Installs Chromium and its driver, in which the tests look at the page, and does nothing when they are there.
# They are not needed to run Taipan.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
    exit 0
fi
"$here/install-packages.sh" "the browser of the tests" chromium chromium-driver fonts-dejavu-core fonts-noto-color-emoji
