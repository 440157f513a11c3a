#!/usr/bin/env bash
# Every test, on a machine that has the Rust toolchain, Node.js, Python 3 and apt.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }

if ! command -v tmux >/dev/null 2>&1; then
  step "installing tmux, in which the terminal commands are tried"
  as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
  as_root apt-get update -qq && as_root apt-get install -y -qq tmux
fi
# The same cases in every run, so that a red test speaks of the change in hand; `make fuzz` looks for new ones.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-1}
# One build for the program and all tests: another choice of packages would have other features of tokio and serde, and
# nearly everything would be built once more.
step "building the program and its tests"
cargo test --release --workspace --exclude crosspoint-bench --no-run
step "running the tests"
cargo test --release --workspace --exclude crosspoint-bench
step "done"
