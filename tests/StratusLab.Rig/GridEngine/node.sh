#!/bin/bash
# Starts one node of a rig cluster: execd in its own network and host name namespaces within the cluster's.
#   node.sh FOLDER NAME ADDRESS GATEWAY LINK
set -euo pipefail
folder=$1 name=$2 address=$3 gateway=$4 link=$5
export PATH="$PATH:/usr/sbin:/sbin"
export SGE_ROOT="$folder/sge" SGE_CELL=default SGE_QMASTER_PORT=6444 SGE_EXECD_PORT=6445

ip link delete "$link" 2>/dev/null || true
unshare --net --uts -- bash -c '
  set -euo pipefail
  folder=$1 name=$2 address=$3 gateway=$4
  hostname "$name"
  until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip link set lo up
  ip address add "$address/24" dev eth0
  ip link set eth0 up
  ip route add default via "$gateway"
  export SGE_ND=true
  echo $$ >"$folder/run/execd-$name.pid"
  exec /usr/lib/gridengine/sge_execd
' bash "$folder" "$name" "$address" "$gateway" >"$folder/node-$name.out" 2>&1 </dev/null &
node=$!
here=$(readlink /proc/self/ns/net)
until [ "$(readlink "/proc/$node/ns/net")" != "$here" ]; do sleep 0.05; done
ip link add "$link" type veth peer name eth0 netns "$node"
ip link set "$link" master nodes up
