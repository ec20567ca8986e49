#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# Runs a command inside the node of up-node.sh DIR.
#   node.sh DIR ctr -n k8s.io images ls
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
DIR=$(realpath -m "${1:?usage: node.sh DIR COMMAND...}")
shift
alive node || die "no node runs in $DIR"
node_environment
exec nsenter -t "$(cat "$DIR/node/init")" -m -n -p -u "$@"
