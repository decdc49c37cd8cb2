#!/bin/bash
# Starts one node of a rig cluster: slurmd in its own network and host name namespaces within the cluster's.
#   node.sh FOLDER NAME ADDRESS GATEWAY LINK
set -euo pipefail
folder=$1 name=$2 address=$3 gateway=$4 link=$5
export PATH="$PATH:/usr/sbin:/sbin"
. "$(dirname "$0")/../Hosts/cluster-node.sh"

# A pid file that an earlier life of the node left would make slurmd refuse to start.
rm -f "$folder/spool/$name.pid"

# slurmd needs /sys/fs/cgroup. -b: to the controller the node has booted now, and not when the machine did.
start_node "$name" "$address" "$gateway" "$link" "$folder/node-$name.out" slurmd -b -f "$folder/slurm.conf"
wait "$node" || { cat "$folder/node-$name.out" >&2; exit 1; }
