#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# Builds Kubernetes from Go modules, once, into the user's cache folder, and prints the folder of the programs.
#   build.sh                     what an API server for tests needs: etcd kube-apiserver kubectl
#   build.sh controllers         what makes Pods of Deployments: kube-controller-manager kube-scheduler
#   build.sh node                all of that and kubelet kube-proxy coredns, and the tools of get-runtime.sh
#   build.sh kubelet kubectl     just these
#   build.sh --built SET         builds nothing: fails when something of the set is not there
# KUBE_CACHE (~/.cache/caravan/kube) says where. A second build of the same programs waits for the first and finds them done.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build=yes
[ "${1:-}" != --built ] || { build=no; shift; }
api=(etcd kube-apiserver kubectl) controllers=(kube-controller-manager kube-scheduler)
programs=()
for p in "${@:-api}"; do
  case $p in
    api) programs+=("${api[@]}");;
    controllers) programs+=("${controllers[@]}");;
    node)
      programs+=("${api[@]}" "${controllers[@]}" kubelet kube-proxy coredns)
      if [ $build = yes ]; then "$KIT/get-runtime.sh" >/dev/null; else "$KIT/get-runtime.sh" --there >/dev/null; fi;;
    *) programs+=("$p");;
  esac
done

missing=()
for p in "${programs[@]}"; do [ -x "$BIN/$p" ] || missing+=("$p"); done
[ ${#missing[@]} -gt 0 ] || { echo "$BIN"; exit 0; }
[ $build = yes ] || die "not built: ${missing[*]}"

needs go "Go $(sed -n 's/^go \([0-9.]*\).*/\1/p' "$KIT/go.mod") or newer (https://go.dev/dl)" flock util-linux
# The Go that is there, whatever a go.mod asks for: nothing is downloaded but modules.
export GOTOOLCHAIN=local CGO_ENABLED=0
mkdir -p "$BIN"
exec 9>"$BIN/.lock"
flock 9

flags='-s -w'
IFS=. read -r _ minor _ <<<"$KUBERNETES"
for v in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X $v.gitVersion=$KUBERNETES -X $v.gitMajor=1 -X $v.gitMinor=$minor -X $v.gitCommit=$KUBERNETES"
  flags+=" -X $v.gitTreeState=clean -X $v.buildDate=1970-01-01T00:00:00Z"
done

log=$BIN/build.log
for p in "${missing[@]}"; do
  [ ! -x "$BIN/$p" ] || continue # built by the one that had the lock
  module=$KIT package=k8s.io/kubernetes/cmd/$p
  case $p in
    etcd) package=go.etcd.io/etcd/server/v3;;
    coredns) module=$KIT/dns package=.;;
  esac
  echo "Building $p of Kubernetes $KUBERNETES (some minutes, once); log: $log" >&2
  began=$SECONDS
  # Without cgo the programs are static. The tags are the ones of the release builds.
  (cd "$module" && go build -mod=readonly -trimpath -buildvcs=false -tags selinux,notest,grpcnotrace -ldflags "$flags" \
    -o "$BIN/.$p" "$package") >"$log" 2>&1 9>&- || { tail -20 "$log" >&2; die "$p does not build, see $log"; }
  mv "$BIN/.$p" "$BIN/$p"
  echo "$p: $((SECONDS - began)) s, $(($(stat -c %s "$BIN/$p") / 1048576)) MiB" >&2
done
echo "$BIN"
