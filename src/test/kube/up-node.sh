#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# A real cluster of one node: API server and controllers are processes of this machine; the node (containerd, kubelet, kube-proxy, CoreDNS)
# has mount, network, pid and uts namespaces of its own, and nothing of it stays after ./down.sh DIR.
#   up-node.sh DIR       as root; DIR must be new, or one that this script has made
#   up-node.sh --check   says what this machine lacks for it, and fails then
# Several clusters may run at the same time: each takes the first free number N. From Pods this machine is 10.99.N.1, the node is
# 10.99.N.2, Pods are in 10.(128+N).0.0/17, Services in 10.(128+N).128.0/20; all of them can be reached from this machine.
# The node's /var/log is DIR/node/log, its /var/lib is DIR/node/lib; logs of its programs are DIR/node/*.log.
# PROXY_MODE: nftables (default) or iptables. KUBELET_YAML: more lines of the kubelet's configuration.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

needs ip iproute2 unshare util-linux nsenter util-linux pgrep procps openssl openssl curl curl
[ "$(id -u)" = 0 ] || die 'a node needs root'
unshare --mount --net --pid --uts --fork true 2>/dev/null || die 'a node needs the right to make namespaces (CAP_SYS_ADMIN): a container must be privileged'
[ -d /sys/fs/cgroup/cpuset ] || [ -e /sys/fs/cgroup/cgroup.controllers ] || die 'a node needs cgroups below /sys/fs/cgroup'
[ "${1:-}" != --check ] || exit 0

DIR=$(realpath -m "${1:?usage: up-node.sh DIR, or up-node.sh --check}") N=$DIR/node PKI=$DIR/pki
built etcd kube-apiserver kubectl kube-controller-manager kube-scheduler kubelet kube-proxy coredns
[ -d "$ROOT" ] || die "the node's tools are not there: run $KIT/get-runtime.sh"
[ -d "$N" ] || [ ! -e "$DIR/kubeconfig" ] || die "$DIR is of an API server alone, whose certificate is for another address: take a new folder"
mkdir -p "$N"/{lib/kubelet,log/pods,log/containers,cni}

# The number is whose network device could be made; nobody else can make it after us.
if [ ! -s "$N/number" ]; then
  for ((number = 0; number < 100; number++)); do
    [ -z "$(ip route show root "10.$((128 + number)).0.0/16")" ] || continue
    ! ip link add "caravan$number" type veth peer name "caravan${number}n" 2>/dev/null || break
  done
  [ "$number" -lt 100 ] || die 'no network device caravan0 to caravan99 can be made: are there as many nodes, or none of CAP_NET_ADMIN?'
  echo "$number" >"$N/number"
  echo "10.99.$number.1" >"$DIR/host"
  echo "10.$((128 + number)).128" >"$DIR/services"
  echo "10.$((128 + number)).0.0/17" >"$DIR/pods"
fi
number=$(cat "$N/number") device=caravan$number cgroup=$(cgroup) network=10.99.$number pods=$(cat "$DIR/pods") services=$(cat "$DIR/services")
ip link show "$device" >/dev/null 2>&1 || ip link add "$device" type veth peer name "${device}n"

if ! alive node; then
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p "/sys/fs/cgroup/$cgroup"
  else
    for hierarchy in /sys/fs/cgroup/*/; do
      hierarchy=${hierarchy%/}
      [ "${hierarchy##*/}" = unified ] || [ -L "$hierarchy" ] || mkdir -p "$hierarchy/$cgroup"
    done
    # Nothing can live in a cpuset that was not told what to live on.
    for file in cpus mems; do cat "/sys/fs/cgroup/cpuset/cpuset.$file" >"/sys/fs/cgroup/cpuset/$cgroup/cpuset.$file"; done
  fi
  rm -f "$N/go" "$N/images-loaded"
  start node unshare --mount --net --pid --uts --fork --kill-child --mount-proc "$KIT/node-init.sh" "$DIR" "$network"
  wait_for 10 node pgrep -P "$(cat "$DIR/node.pid")"
  pgrep -P "$(cat "$DIR/node.pid")" >"$N/init"
fi
init=$(cat "$N/init")
if ip link show "${device}n" >/dev/null 2>&1; then
  ip link set "${device}n" netns "$init" name eth0
  ip addr replace "$network.1/24" dev "$device"
  ip link set "$device" up
  ip route replace "$pods" via "$network.2"
  ip route replace "$services.0/20" via "$network.2"
fi

"$KIT/up-apiserver.sh" "$DIR" >/dev/null
"$KIT/up-controllers.sh" "$DIR" >/dev/null
kubeconfig system:node:node1 >"$PKI/kubelet.kubeconfig"
kubeconfig system:kube-proxy >"$PKI/kube-proxy.kubeconfig"

# Without CAP_SYS_RESOURCE the scores of the OOM killer cannot be lowered.
cat >"$N/containerd.toml" <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$ROOT/usr/lib/cni"
    conf_dir = "$N/cni"
TOML
cat >"$N/cni/10-bridge.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "${pods%.*.*}.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "/run/cni-ipam"}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
: >"$N/resolv.conf"
cat >"$N/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
# The default is true since 1.35.
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
oomScoreAdj: 0
failSwapOn: false
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
volumePluginDir: /var/lib/kubelet/volume-plugins
resolvConf: $N/resolv.conf
clusterDomain: cluster.local
clusterDNS: ["$services.10"]
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PKI/ca.crt}}
authorization: {mode: Webhook}
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
# Images come from nowhere but load-image.sh.
imageGCHighThresholdPercent: 100
syncFrequency: 10s
nodeStatusUpdateFrequency: 5s
${KUBELET_YAML:-}
YAML
# Limits of connection tracking are of the whole machine, not of a network namespace.
cat >"$N/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ${PROXY_MODE:-nftables}
hostnameOverride: node1
clusterCIDR: $pods
clientConnection: {kubeconfig: $PKI/kube-proxy.kubeconfig}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s, udpTimeout: 0s, udpStreamTimeout: 0s}
YAML
touch "$N/go" # node-init.sh waits for this

kubectl=("$BIN/kubectl" --kubeconfig "$DIR/kubeconfig")
wait_for 120 node test -e "$N/images-loaded"
wait_for 120 node "${kubectl[@]}" get --raw /api/v1/nodes/node1/proxy/healthz # through the API server to the kubelet and back
"${kubectl[@]}" wait --for=condition=Ready node/node1 --timeout=120s >/dev/null

"$KIT/load-image.sh" "$DIR" localhost/coredns:1 "$BIN/coredns" /coredns >/dev/null
sed "s/CLUSTER_IP/$services.10/" "$KIT/dns/dns.yaml" | "${kubectl[@]}" apply -f - >/dev/null
"${kubectl[@]}" -n kube-system rollout status deploy/coredns --timeout=120s >/dev/null
echo "KUBECONFIG=$DIR/kubeconfig"
