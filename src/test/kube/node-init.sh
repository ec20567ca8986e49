#!/bin/bash
#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# The first process of the node that up-node.sh makes; not for calling by hand.
#   node-init.sh DIR NETWORK
set -u
DIR=$1 network=$2 N=$1/node
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
node_environment
hostname node1
# /sys as this network namespace sees it, with the cgroups of the machine in it
mount -t tmpfs tmpfs /run
mkdir /run/cgroups
mount --rbind /sys/fs/cgroup /run/cgroups && mount -t sysfs sysfs /sys && mount --rbind /run/cgroups /sys/fs/cgroup && umount -lR /run/cgroups
mount --bind "$N/lib" /var/lib
mount --bind "$N/log" /var/log
# The kubelet insists on some settings of the whole machine: let it write to files instead.
for setting in vm/overcommit_memory:1 vm/panic_on_oom:0 kernel/panic:10 kernel/panic_on_oops:1 kernel/keys/root_maxkeys:1000000 kernel/keys/root_maxbytes:25000000; do
  file=/run/sysctl-$(tr / - <<<"${setting%:*}")
  echo "${setting#*:}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%:*}"
done
mount --make-rshared /
ip link set lo up
until [ -e "$N/go" ] && ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip addr add "$network.2/24" dev eth0
ip link set eth0 up
ip route add default via "$network.1"
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
# Nothing of an earlier node lives any more, but containerd would look for it.
rm -rf /var/lib/containerd/io.containerd.{grpc.v1.cri,runtime.v1.linux,runtime.v2.task}

containerd -c "$N/containerd.toml" >"$N/containerd.log" 2>&1 &
until ctr version >/dev/null 2>&1; do sleep 0.05; done
for image in "$ROOT"/images/*.tar; do
  ctr -n k8s.io images import "$image" >"$N/import.log" 2>&1 || { cat "$N/import.log"; exit 1; }
done
touch "$N/images-loaded"
"$BIN/kubelet" --config "$N/kubelet.yaml" --kubeconfig "$DIR/pki/kubelet.kubeconfig" --hostname-override node1 --node-ip "$network.2" >"$N/kubelet.log" 2>&1 &
"$BIN/kube-proxy" --config "$N/kube-proxy.yaml" >"$N/kube-proxy.log" 2>&1 &
# Also reaps what containers leave behind.
while :; do
  wait
  sleep 5
done
