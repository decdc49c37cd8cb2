# Sourced by the scripts that start the nodes of a rig cluster.

# start_node NAME ADDRESS GATEWAY LINK OUTPUT PROGRAM...
# Runs a program in network and host name namespaces of its own within the cluster's, joined to the cluster's bridge; its process id is then $node.
# Entered with unshare and not by ip-netns, which would hide /sys/fs/cgroup.
start_node() {
  local name=$1 address=$2 gateway=$3 link=$4 output=$5 here
  shift 5
  ip link delete "$link" 2>/dev/null || true
  unshare --net --uts -- bash -c '
    set -euo pipefail
    hostname "$1"
    until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
    ip link set lo up
    ip address add "$2/24" dev eth0
    ip link set eth0 up
    ip route add default via "$3"
    shift 3
    exec "$@"
  ' bash "$name" "$address" "$gateway" "$@" >"$output" 2>&1 </dev/null &
  node=$!
  here=$(readlink /proc/self/ns/net)
  until [ "$(readlink "/proc/$node/ns/net")" != "$here" ]; do sleep 0.05; done
  ip link add "$link" type veth peer name eth0 netns "$node"
  ip link set "$link" master nodes up
}
