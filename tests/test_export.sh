#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The exported tables as R reads them. Exit code 77 (skipped) where R is not installed.
# Usage: test_export.sh COMMAND
set -u
tests=$(cd "$(dirname "$0")" && pwd)
command=$(realpath "$1") || exit 1
if ! command -v Rscript >/dev/null; then
    echo "skipped: there is no Rscript (Debian package r-base-core)"
    exit 77
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$command" run -q "$tests/decision/choice.yaml" -o choice.nc --replicates 2 || exit 1
"$command" export choice.nc -o tables || exit 1
"$command" summary --json choice.nc >summary.json || exit 1
Rscript --vanilla "$tests/test_export.R" tables summary.json || exit 1
# Tables that do not belong together are told from those that do.
sed -i '$d' tables/parameters.csv
if Rscript --vanilla "$tests/test_export.R" tables summary.json >out 2>&1; then
    echo "FAILED: a row is missing and nothing is said of it"
    exit 1
fi
grep -q "as many rows in each" out
