#!/usr/bin/env bash
# Lists what the demo left in a folder, and says how to look at it: show-demo-files.sh FOLDER
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/messages.sh"

folder=$1
shopt -s nullglob
pictures=("$folder"/*.png)
[[ ${#pictures[@]} -gt 0 && -n $(echo "$folder"/*.xlsx) && -n $(echo "$folder"/*.parquet) ]] ||
    stop "The demo did not leave its pictures, Excel file and Parquet file in $folder/: run make demo again and see what it prints."

printf '\nThe demo left these files in %s:\n' "$(realpath "$folder")"
for file in "$folder"/*; do
    printf '  %-28s %6d KB\n' "${file##*/}" $(($(stat -c %s "$file") / 1024 + 1))
done
printf 'Open the .png files in a picture viewer and the .xlsx file in a spreadsheet.\n'
printf 'Then try your own: cargo run -- run --file YOUR.csv -c "print(load_file('"'YOUR.csv'"').describe())"\n'
