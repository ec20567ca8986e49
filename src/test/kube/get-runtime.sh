#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# The node's tools from Debian packages, unpacked once into the user's cache folder: containerd, runc, the CNI plugins, iptables, nft,
# conntrack and busybox, and the images of busybox and pause. Installs nothing. Prints the folder.
#   get-runtime.sh [--there]     builds nothing with --there: fails when it is not there
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if [ ! -d "$ROOT" ]; then
  [ "${1:-}" != --there ] || die "$ROOT is not there"
  needs apt-get "apt-get (the node's tools come from Debian or Ubuntu packages)" dpkg dpkg flock util-linux
  mkdir -p "$CACHE"
  exec 9>"$CACHE/.runtime.lock"
  flock 9
fi
if [ ! -d "$ROOT" ]; then # not even after somebody else had the lock
  work=$(mktemp -d "$CACHE/.runtime-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/debs/partial" "$work/root/images"
  download() {
    apt-get install -y -q --no-install-recommends --reinstall --download-only -o "Dir::Cache::archives=$work/debs" "${PACKAGES[@]}"
  }
  # What apt knows of may be older than what is served, or nothing at all.
  download >"$CACHE/runtime.log" 2>&1 || { apt-get update -qq && download; } >>"$CACHE/runtime.log" 2>&1 \
    || { tail -5 "$CACHE/runtime.log" >&2; die "apt-get does not fetch ${PACKAGES[*]}, see $CACHE/runtime.log"; }
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/root"; done
  for tool in iptables{,-save,-restore} ip6tables{,-save,-restore}; do ln -sf xtables-nft-multi "$work/root/usr/sbin/$tool"; done

  image=$work/image
  mkdir -p "$image/bin"
  busybox=$work/root/bin/busybox
  [ -x "$busybox" ] || busybox=$work/root/usr/bin/busybox
  cp "$busybox" "$image/bin/busybox"
  for applet in $("$busybox" --list); do [ -e "$image/bin/$applet" ] || ln -s busybox "$image/bin/$applet"; done
  libraries "$busybox" "$image"
  "$KIT/make-image.sh" "$work/root/images/busybox.tar" localhost/busybox:1 "$image" /bin/sh
  "$KIT/make-image.sh" "$work/root/images/pause.tar" localhost/pause:1 "$image" /bin/sleep 2147483647
  mv "$work/root" "$ROOT"
fi
echo "$ROOT"
