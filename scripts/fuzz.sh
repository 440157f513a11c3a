#!/usr/bin/env bash
# Many new cases for each property test, then a short run of each fuzz target. cargo-fuzz needs nightly features of the compiler, which
# RUSTC_BOOTSTRAP=1 opens on a stable toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-30}
echo "== property tests, ${FUZZ_CASES:-5000} cases each (a first build takes some minutes)"
PROPTEST_CASES=${FUZZ_CASES:-5000} cargo test --release --workspace --exclude crosspoint-bench --exclude crosspoint-tests --lib --tests
if ! command -v cargo-fuzz >/dev/null 2>&1 && [ ! -x target/tools/bin/cargo-fuzz ]; then
  echo "installing cargo-fuzz into target/tools (once) …"
  cargo install --locked --quiet --root target/tools cargo-fuzz
fi
export PATH="$PWD/target/tools/bin:$PATH" RUSTC_BOOTSTRAP=1
# A build of its own: the sanitizer's flags would have everything else built anew.
export CARGO_TARGET_DIR="$PWD/fuzz/target"
# What is fuzzed is what is shipped: the same versions.
cp Cargo.lock fuzz/Cargo.lock
echo "== building (a first build takes some minutes)"
cargo fuzz build
for target in fuzz/fuzz_targets/*.rs; do
  name=$(basename "$target" .rs)
  mkdir -p "fuzz/corpus/$name"
  # New finds go into the first folder; what providers publish is where it begins.
  inputs=("fuzz/corpus/$name")
  fixtures="crates/channels/fixtures/${name%_callbacks}"
  if [ -d "$fixtures" ]; then inputs+=("$fixtures"); fi
  echo "== $name ($seconds s)"
  cargo fuzz run "$name" "${inputs[@]}" -- -max_total_time="$seconds" -max_len=4096 -verbosity=0
done
