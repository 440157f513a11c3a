#!/usr/bin/env bash
# Every test, on a machine that has the Rust toolchain, Node.js, Python 3 and apt.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }

step "building the program"
cargo build --release -p crosspoint
step "building the tests"
cargo test --release --workspace --exclude crosspoint-bench --no-run
step "running the tests"
cargo test --release --workspace --exclude crosspoint-bench
step "done"
