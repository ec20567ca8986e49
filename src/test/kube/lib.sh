#
# Copyright The Caravan Authors
# SPDX-License-Identifier: Apache-2.0
#

# What the scripts of this folder share; sourced, not run.
KIT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# What is built and unpacked lies outside of every checkout, in a folder whose name changes with the versions in it.
CACHE=${KUBE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/caravan/kube}
KUBERNETES=$(sed -n 's#.*k8s.io/kubernetes \(v1[0-9.]*\).*#\1#p' "$KIT/go.mod")
BIN=$CACHE/$KUBERNETES-$(cat "$KIT"/{go.mod,go.sum,dns/go.mod,dns/go.sum,dns/main.go} | sha256sum | cut -c1-8)

die() { printf '%s\n' "${0##*/}: $*" >&2; exit 1; }

# needs PROGRAM PACKAGE...   names everything that is missing at once, with what to install
needs() {
  local missing=()
  while [ $# -gt 0 ]; do command -v "$1" >/dev/null || missing+=("$2"); shift 2; done
  [ ${#missing[@]} -eq 0 ] || die "install these first: ${missing[*]}"
}

# built PROGRAM...   or says what to run
built() {
  local p
  for p; do [ -x "$BIN/$p" ] || die "$p of Kubernetes $KUBERNETES is not built: run $KIT/build.sh $p"; done
}

# Neither gone nor a zombie that nobody has reaped yet
running() { case $(ps -o stat= -p "$1" 2>/dev/null) in ''|Z*) return 1;; esac; }

# alive NAME   and still ours, not a stranger that got an old process id: what we start has DIR in its arguments
alive() {
  local pid
  pid=$(cat "$DIR/$1.pid" 2>/dev/null) && [ -n "$pid" ] && running "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$DIR"
}

# start NAME COMMAND...   in the background, log in DIR/NAME.log, process id in DIR/NAME.pid; does nothing while it runs
start() {
  local name=$1; shift
  ! alive "$name" || return 0
  # In a session of its own and with no descriptor of ours: who waits for our output must not wait for the server.
  setsid "$@" >>"$DIR/$name.log" 2>&1 </dev/null &
  echo $! >"$DIR/$name.pid"
}

# stop NAME...   asks all, waits 3 s, kills: kube-apiserver would wait long for its watchers, and etcd's data are safe either way
stop() {
  local name i
  # With its process group, which is its own
  for name; do ! alive "$name" || kill -- "-$(cat "$DIR/$name.pid")" 2>/dev/null || true; done
  for name; do
    for ((i = 0; i < 60; i++)); do alive "$name" || break; sleep 0.05; done
    ! alive "$name" || kill -9 -- "-$(cat "$DIR/$name.pid")" || true
    rm -f "$DIR/$name.pid"
  done
}

# wait_for SECONDS NAME COMMAND...   until the command succeeds; fails early when the process NAME has ended
wait_for() {
  local end=$((SECONDS + $1)) name=$2 said; shift 2
  until said=$("$@" 2>&1); do
    alive "$name" || { tail -5 "$DIR/$name.log" >&2; die "$name ended, see $DIR/$name.log"; }
    [ $SECONDS -lt $end ] || die "waited in vain for: $* ($said); see $DIR/$name.log"
    sleep 0.05
  done
}

# port NAME   one that was free when it was asked for first, and the same ever after; below the range of local ports,
# so that no connection takes it before the server does
port() {
  local file=$DIR/$1.port p
  if [ ! -s "$file" ]; then
    for ((p = 0; p == 0; )); do
      p=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
      ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || p=0
    done
    echo "$p" >"$file"
  fi
  cat "$file"
}

# certificate FILE CN O SAN USAGE   signed by the authority in PKI
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$PKI/$1.key" -subj "/O=$3/CN=$2" -out "$PKI/$1.csr" 2>/dev/null
  openssl x509 -req -in "$PKI/$1.csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -CAcreateserial -days 3650 -out "$PKI/$1.crt" \
    -extfile <(printf 'extendedKeyUsage=%s\n' "$5"; [ -z "$4" ] || printf 'subjectAltName=%s\n' "$4") 2>/dev/null
  rm "$PKI/$1.csr"
}

# kubeconfig USER   on standard output, with the user's token
kubeconfig() {
  cat <<YAML
apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: "$1"}}]
clusters: [{name: test, cluster: {server: "https://$(cat "$DIR/host"):$(port apiserver)", certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")}}]
users: [{name: "$1", user: {token: $(awk -F, -v user="$1" '$2 == user {print $1}' "$PKI/tokens.csv")}}]
YAML
}

# The node's tools: their folder changes with the distribution and with the packages.
PACKAGES=(containerd runc containernetworking-plugins iptables nftables conntrack busybox
  libip4tc2 libip6tc2 libxtables12 libnftables1 libnftnl11 libmnl0 libnetfilter-conntrack3 libnfnetlink0 libjansson4)
ROOT=$CACHE/runtime-$(. /etc/os-release 2>/dev/null; echo "${ID:-unknown}${VERSION_ID:-}")-$(echo "${PACKAGES[*]}" | sha256sum | cut -c1-8)

# libraries PROGRAM FOLDER   copies what the program is linked with into the folder; nothing for a static program
libraries() {
  local library
  for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do install -D "$library" "$2$library"; done
}

# node_environment   finds the node's tools and their libraries
node_environment() {
  local arch; arch=$(uname -m)-linux-gnu
  export PATH=$ROOT/usr/sbin:$ROOT/usr/bin:$ROOT/sbin:$PATH LD_LIBRARY_PATH=$ROOT/usr/lib/$arch:$ROOT/lib/$arch
  export XTABLES_LIBDIR=$ROOT/usr/lib/$arch/xtables
}

# cgroup   the name of the node's own, below the root of every hierarchy
cgroup() { echo "caravan-node$(cat "$DIR/node/number")"; }

# end_node   and everything in it: its namespaces take processes, mounts and networks along
end_node() {
  local i init
  init=$(cat "$DIR/node/init" 2>/dev/null || echo 0)
  # Its first process would wait for all others before it obeyed a request.
  ! alive node || kill -9 -- "-$(cat "$DIR/node.pid")" || true
  stop node
  for ((i = 0; i < 200; i++)); do [ "$init" != 0 ] && running "$init" || break; sleep 0.05; done
  ip link del "caravan$(cat "$DIR/node/number")" 2>/dev/null || true
  # A process may be in its cgroup for a moment after it has gone.
  for ((i = 0; i < 100; i++)); do
    find /sys/fs/cgroup/{,*/}"$(cgroup)" -depth -type d -exec rmdir {} + 2>/dev/null || true
    compgen -G "/sys/fs/cgroup/*/$(cgroup)" >/dev/null || [ -d "/sys/fs/cgroup/$(cgroup)" ] || break
    sleep 0.05
  done
}
