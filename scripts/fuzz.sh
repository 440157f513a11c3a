#!/usr/bin/env bash
# A short run of each fuzz target. cargo-fuzz needs nightly features of the compiler, which
# RUSTC_BOOTSTRAP=1 opens on a stable toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-30}
if ! command -v cargo-fuzz >/dev/null 2>&1 && [ ! -x target/tools/bin/cargo-fuzz ]; then
  echo "installing cargo-fuzz into target/tools (once) …"
  cargo install --locked --quiet --root target/tools cargo-fuzz
fi
export PATH="$PWD/target/tools/bin:$PATH" RUSTC_BOOTSTRAP=1
for target in fuzz/fuzz_targets/*.rs; do
  name=$(basename "$target" .rs)
  echo "== $name ($seconds s)"
  cargo fuzz run "$name" -- -max_total_time="$seconds" -max_len=4096 -verbosity=0
done
