#!/usr/bin/env bash
# The table of ratios. QUICK=1 makes it short; the data are kept in bench/.cache, outside git.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --profile bench -p crosspoint -p crosspoint-bench
exec target/release/crosspoint-bench ${QUICK:+--quick} "$@"
