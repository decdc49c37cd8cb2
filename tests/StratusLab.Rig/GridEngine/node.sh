#!/bin/bash
# Starts one node of a rig cluster: execd in its own network and host name namespaces within the cluster's.
#   node.sh FOLDER NAME ADDRESS GATEWAY LINK
set -euo pipefail
folder=$1 name=$2 address=$3 gateway=$4 link=$5
export PATH="$PATH:/usr/sbin:/sbin"
export SGE_ROOT="$folder/sge" SGE_CELL=default SGE_QMASTER_PORT=6444 SGE_EXECD_PORT=6445
. "$(dirname "$0")/../Hosts/cluster-node.sh"

# It stays the process that was started, so that its id is known.
export SGE_ND=true
start_node "$name" "$address" "$gateway" "$link" "$folder/node-$name.out" /usr/lib/gridengine/sge_execd
echo "$node" >"$folder/run/execd-$name.pid"
