#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# Moves to another version of Kubernetes: writes go.mod and go.sum, which are checked in, for a module that only names the programs.
#   gen-gomod.sh v1.X.Y
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
version=${1:?usage: gen-gomod.sh v1.X.Y}
export GOTOOLCHAIN=local
upstream=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)",/\1/p')
# Kubernetes replaces its own modules by folders beside it; the replacements of a dependency do not count, so they are ours to write.
{
  printf 'module caravan/kube\n\ngo %s\n\n%s\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n' \
    "$(sed -n 's/^go //p' "$upstream")" "$(sed -n '/^godebug/p' "$upstream")" "$version"
  sed -n "s#^\t\(k8s.io/[a-z-]*\) => ./staging/.*#\t\1 => \1 v0.${version#v1.}#p" "$upstream"
  printf ')\n'
} >go.mod
rm -f go.sum
# The etcd that Kubernetes itself is tested with
tools=("go.etcd.io/etcd/server/v3@$(sed -n 's#.*go.etcd.io/etcd/server/v3 \(v[0-9.]*\).*#\1#p' "$upstream")")
for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
  tools+=("k8s.io/kubernetes/cmd/$program@$version")
done
go get -tool "${tools[@]}"
