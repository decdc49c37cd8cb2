#!/bin/bash
# Starts one node of a rig cluster: slurmd in its own network and host name namespaces within the cluster's.
#   node.sh FOLDER NAME ADDRESS GATEWAY LINK
set -euo pipefail
folder=$1 name=$2 address=$3 gateway=$4 link=$5
export PATH="$PATH:/usr/sbin:/sbin"

# A pid file that an earlier life of the node left would make slurmd refuse to start.
rm -f "$folder/spool/$name.pid"
ip link delete "$link" 2>/dev/null || true

# Entered with unshare and not by ip-netns, which would hide /sys/fs/cgroup and with it all that slurmd needs.
# slurmd -b: to the controller the node has booted now, and not when the machine did.
unshare --net --uts -- bash -c '
  set -euo pipefail
  folder=$1 name=$2 address=$3 gateway=$4
  hostname "$name"
  until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip link set lo up
  ip address add "$address/24" dev eth0
  ip link set eth0 up
  ip route add default via "$gateway"
  exec slurmd -b -f "$folder/slurm.conf"
' bash "$folder" "$name" "$address" "$gateway" >"$folder/node-$name.out" 2>&1 </dev/null &
node=$!
here=$(readlink /proc/self/ns/net)
until [ "$(readlink "/proc/$node/ns/net")" != "$here" ]; do sleep 0.05; done
ip link add "$link" type veth peer name eth0 netns "$node"
ip link set "$link" master nodes up
wait "$node" || { cat "$folder/node-$name.out" >&2; exit 1; }
