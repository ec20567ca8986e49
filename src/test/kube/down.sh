#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# Stops what the up-*.sh scripts have started in DIR.
#   down.sh DIR               everything; its data stay
#   down.sh DIR --purge       everything, and deletes DIR
#   down.sh DIR PROGRAM...    these only
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
DIR=$(realpath -m "${1:?usage: down.sh DIR [--purge | PROGRAM...]}")
shift
[ -d "$DIR" ] || exit 0
if [ $# -gt 0 ] && [ "$1" != --purge ]; then
  stop "$@"
  exit
fi
# The reaper is this process itself where the owner is gone.
[ "$(cat "$DIR/reaper.pid" 2>/dev/null)" = $$ ] || stop reaper
[ ! -s "$DIR/node/number" ] || end_node
stop kube-scheduler kube-controller-manager kube-apiserver
stop etcd
[ "${1:-}" != --purge ] || rm -rf "$DIR"
