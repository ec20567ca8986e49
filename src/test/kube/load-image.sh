#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# Loads an image into the node of up-node.sh DIR. Pods then need an imagePullPolicy other than Always.
#   load-image.sh DIR ARCHIVE.tar [NAME:TAG]                            an OCI layout, or what "docker save" writes; NAME:TAG where it has none
#   load-image.sh DIR NAME:TAG PROGRAM-OR-FOLDER COMMAND...             one layer of a folder, or of a program with its libraries
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -ge 2 ] || die 'usage: load-image.sh DIR ARCHIVE.tar [NAME:TAG], or load-image.sh DIR NAME:TAG PROGRAM-OR-FOLDER COMMAND...'
DIR=$(realpath -m "$1")
shift
flags=() archive=
if [ $# -le 2 ]; then
  archive=$(realpath "$1")
  [ $# = 1 ] || flags=(--base-name "${2%:*}")
else
  name=$1 root=$2
  shift 2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if [ -f "$root" ]; then
    chmod 755 "$work"
    install -D "$root" "$work/root/${root##*/}"
    libraries "$root" "$work/root"
    root=$work/root
  fi
  archive=$work/image.tar
  "$KIT/make-image.sh" "$archive" "$name" "$root" "$@"
fi
"$KIT/node.sh" "$DIR" ctr -n k8s.io images import "${flags[@]}" - <"$archive"
