#!/usr/bin/env bash
# Formatting, clippy, documentation, house rules, dependencies. Warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== formatting"
cargo fmt --all --check
echo "== clippy"
cargo clippy --workspace --all-targets -- -D warnings
echo "== documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
echo "== house rules"
cargo test --quiet -p crosspoint-tidy
echo "== dependencies"
if ! command -v cargo-deny >/dev/null 2>&1 && [ ! -x target/tools/bin/cargo-deny ]; then
  echo "installing cargo-deny into target/tools (once, some minutes) …"
  cargo install --locked --quiet --root target/tools cargo-deny
fi
PATH="$PWD/target/tools/bin:$PATH" cargo deny --offline check bans licenses sources
