#!/usr/bin/env bash
# Formatting, clippy, documentation, house rules, dependencies. Warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== formatting"
cargo fmt --all --check
echo "== clippy"
cargo clippy --workspace --all-targets -- -D warnings
echo "== the client with each feature by itself"
for feature in sunshine hubster exotel signalr receive axum; do
  cargo clippy --quiet -p crosspoint-client --no-default-features --features "$feature" -- -D warnings
done
echo "== the program without S3"
cargo clippy --quiet -p crosspoint -p crosspoint-store --no-default-features -- -D warnings
echo "== the client as a package"
cargo package --quiet --offline --no-verify --allow-dirty -p crosspoint-wire -p crosspoint-client
echo "== documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
echo "== house rules"
cargo test --quiet -p crosspoint-tidy
echo "== dependencies"
if ! command -v cargo-deny >/dev/null 2>&1 && [ ! -x target/tools/bin/cargo-deny ]; then
  echo "installing cargo-deny into target/tools (once, some minutes) …"
  cargo install --locked --quiet --root target/tools cargo-deny
fi
# It judges what other systems would need, too, which no build here has fetched.
cargo fetch --locked --quiet
PATH="$PWD/target/tools/bin:$PATH" cargo deny --offline check bans licenses sources
