#!/bin/bash
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0

# Builds the OpenTelemetry Collector of builder.yaml from Go modules, once, and prints where it lies.
# It is kept outside the checkout, in ${XDG_CACHE_HOME:-~/.cache}/caravan/peers, under its version.
set -euo pipefail
cd "$(dirname "$0")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/caravan/peers
version=$(sed -n 's/^  version: //p' builder.yaml)
program=$cache/otelcol-$version

if [ ! -x "$program" ]; then
  mkdir -p "$cache"
  log=$cache/build.log
  echo "Building the OpenTelemetry Collector $version (some minutes, once); log: $log" >&2
  command -v go >/dev/null || { echo "Go is needed to build the Collector: https://go.dev/dl" >&2; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # The Go that is there, whatever a module's go.mod asks for: nothing is downloaded but modules.
  export GOTOOLCHAIN=local CGO_ENABLED=0
  GOBIN=$work go install "go.opentelemetry.io/collector/cmd/builder@v$version" >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
  sed "s|^dist:|dist:\n  output_path: $work/src|" builder.yaml >"$work/builder.yaml"
  # The generated sources are complete when the builder starts to tidy the modules; tidy also wants what only the
  # tests of dependencies need, which a proxy may not serve. So its failure is not ours: the compiler decides.
  "$work/builder" --config "$work/builder.yaml" --skip-compilation >>"$log" 2>&1 || true
  (cd "$work/src" && go build -mod=mod -trimpath -ldflags="-s -w" -o "$work/otelcol" .) >>"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
  mv "$work/otelcol" "$program"
fi
echo "$program"
