#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# A real Kubernetes API server for tests: etcd and kube-apiserver, no controllers, no nodes.
#   up-apiserver.sh DIR      data, certificates, logs and process ids are in DIR; DIR/kubeconfig is of a cluster administrator
# What already runs stays, what was stopped comes back with its data, on its port. ./down.sh DIR ends it.
# OWNER: the process id of whom it is for; when that process is gone, everything is stopped and DIR is deleted.
# API_ARGS: more flags of kube-apiserver.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
DIR=$(realpath -m "${1:?usage: up-apiserver.sh DIR}")
needs openssl openssl curl curl ps procps
built etcd kube-apiserver
PKI=$DIR/pki
mkdir -p "$PKI"
chmod 700 "$DIR"
# up-node.sh has chosen an address that Pods reach, and networks that nobody else has.
[ -s "$DIR/host" ] || echo 127.0.0.1 >"$DIR/host"
[ -s "$DIR/services" ] || echo 10.96.0 >"$DIR/services"
HOST=$(cat "$DIR/host") SERVICES=$(cat "$DIR/services")

if [ -n "${OWNER:-}" ]; then
  start reaper bash -c 'tail --pid="$1" -f /dev/null; exec "$2" "$3" --purge' reaper "$OWNER" "$KIT/down.sh" "$DIR"
fi

if [ ! -s "$PKI/tokens.csv" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$PKI/ca.key" -out "$PKI/ca.crt" -days 3650 \
    -subj /CN=test -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  certificate server kube-apiserver test "IP:127.0.0.1,IP:$HOST,IP:$SERVICES.1,$names" serverAuth
  certificate kubelet-client kube-apiserver system:masters '' clientAuth
  certificate proxy-client front-proxy-client test '' clientAuth
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PKI/sa.key" 2>/dev/null
  # Of a PKCS#8 key of an elliptic curve kube-apiserver only takes the public half.
  openssl pkey -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub"
  user() { echo "$(openssl rand -hex 16),$1,$1,${2:-}"; }
  {
    user admin system:masters
    user system:kube-controller-manager
    user system:kube-scheduler
    user system:kube-proxy
    user system:node:node1 system:nodes
  } >"$PKI/tokens.csv.new"
  mv "$PKI/tokens.csv.new" "$PKI/tokens.csv"
fi
kubeconfig admin >"$DIR/kubeconfig"
chmod 600 "$DIR/kubeconfig"

client=http://127.0.0.1:$(port etcd) peer=http://127.0.0.1:$(port etcd-peer)
# Without fsync data survive a killed process, which is what tests do, and not a power failure.
start etcd "$BIN/etcd" --data-dir "$DIR/etcd" --listen-client-urls "$client" --advertise-client-urls "$client" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" --unsafe-no-fsync --log-level warn
args=()
# Endpoints must not have a loopback address: then there are none for the Service of the API server itself.
case $HOST in 127.*) args+=(--endpoint-reconciler-type none);; esac
# shellcheck disable=SC2206 # several flags in one variable
args+=(${API_ARGS:-})
start kube-apiserver "$BIN/kube-apiserver" --etcd-servers "$client" \
  --bind-address "$HOST" --advertise-address "$HOST" --secure-port "$(port apiserver)" --service-cluster-ip-range "$SERVICES.0/20" \
  --tls-cert-file "$PKI/server.crt" --tls-private-key-file "$PKI/server.key" --client-ca-file "$PKI/ca.crt" --token-auth-file "$PKI/tokens.csv" \
  --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
  --service-account-issuer https://kubernetes.default.svc.cluster.local \
  --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
  --kubelet-client-certificate "$PKI/kubelet-client.crt" --kubelet-client-key "$PKI/kubelet-client.key" \
  --kubelet-preferred-address-types InternalIP \
  --requestheader-client-ca-file "$PKI/ca.crt" --requestheader-allowed-names front-proxy-client \
  --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group --requestheader-extra-headers-prefix X-Remote-Extra- \
  --proxy-client-cert-file "$PKI/proxy-client.crt" --proxy-client-key-file "$PKI/proxy-client.key" "${args[@]}"
wait_for 120 kube-apiserver curl -sSf --noproxy '*' --cacert "$PKI/ca.crt" "https://$HOST:$(port apiserver)/readyz"
echo "KUBECONFIG=$DIR/kubeconfig"
