#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# An image archive (OCI layout in a tar) of one layer, made of a folder; needs no engine and no registry.
#   make-image.sh OUT.tar localhost/NAME:TAG FOLDER COMMAND...
set -euo pipefail
[ $# -ge 4 ] || { echo 'usage: make-image.sh OUT.tar NAME:TAG FOLDER COMMAND...' >&2; exit 1; }
out=$(realpath -m "$1") name=$2 root=$3
shift 3
case $(uname -m) in x86_64) arch=amd64;; aarch64) arch=arm64;; *) arch=$(uname -m);; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/blobs/sha256"
# blob FILE   moves it to where its digest says, and prints a descriptor without its end
blob() {
  local digest; digest=$(sha256sum <"$1" | cut -d' ' -f1)
  printf '"digest":"sha256:%s","size":%d' "$digest" "$(stat -c %s "$1")"
  mv "$1" "$work/blobs/sha256/$digest"
}
type=application/vnd.oci.image
tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer" .
layer=$(blob "$work/layer")
diff=${layer#*:\"} diff=${diff%%\"*}
command=$(printf '"%s",' "$@")
printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin:/usr/bin:/sbin:/usr/sbin"],"Entrypoint":[%s]},"rootfs":{"type":"layers","diff_ids":["%s"]}}' \
  "$arch" "${command%,}" "$diff" >"$work/config"
printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json",%s},"layers":[{"mediaType":"%s.layer.v1.tar",%s}]}' \
  $type $type "$(blob "$work/config")" $type "$layer" >"$work/manifest"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s.manifest.v1+json",%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
  $type "$(blob "$work/manifest")" "$name" "${name##*:}" >"$work/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
tar -C "$work" -cf "$out" oci-layout index.json blobs
