#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# kube-controller-manager and kube-scheduler beside the API server of up-apiserver.sh DIR: Deployments and DaemonSets make Pods,
# what an owner leaves behind is collected, namespaces vanish, ServiceAccounts and EndpointSlices are made. Without a node Pods stay Pending.
#   up-controllers.sh DIR
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
DIR=$(realpath -m "${1:?usage: up-controllers.sh DIR}")
built kube-controller-manager kube-scheduler kubectl
alive kube-apiserver || die "no API server runs in $DIR: run $KIT/up-apiserver.sh $DIR"
PKI=$DIR/pki
[ -s "$DIR/pods" ] || echo 10.244.0.0/17 >"$DIR/pods"

control() {
  local name=$1; shift
  kubeconfig "system:$name" >"$PKI/$name.kubeconfig"
  start "$name" "$BIN/$name" --kubeconfig "$PKI/$name.kubeconfig" --authentication-kubeconfig "$PKI/$name.kubeconfig" \
    --authorization-kubeconfig "$PKI/$name.kubeconfig" --bind-address 127.0.0.1 --secure-port "$(port "$name")" --leader-elect=false "$@"
}
control kube-controller-manager --use-service-account-credentials \
  --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" \
  --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key" \
  --flex-volume-plugin-dir "$DIR/volume-plugins" --allocate-node-cidrs --cluster-cidr "$(cat "$DIR/pods")"
control kube-scheduler
for name in kube-controller-manager kube-scheduler; do
  wait_for 120 $name curl -skSf --noproxy '*' "https://127.0.0.1:$(port $name)/healthz"
done
# Pods are refused until the controller has made the default ServiceAccount.
wait_for 60 kube-controller-manager "$BIN/kubectl" --kubeconfig "$DIR/kubeconfig" get serviceaccount default
