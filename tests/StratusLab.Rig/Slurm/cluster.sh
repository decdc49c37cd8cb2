#!/bin/bash
# The first process of a rig cluster, in its own network, mount, process and host name namespaces: munge, and the bridge
# that joins its nodes. Its end is the end of every process of the cluster, so it waits for its standard input to close.
#   cluster.sh FOLDER BRIDGE_ADDRESS
set -euo pipefail
folder=$1 address=$2
export PATH="$PATH:/usr/sbin:/sbin"

hostname controller
mount --bind "$folder/hosts" /etc/hosts
for pair in munge:/run/munge spool:/var/lib/slurm log:/var/log/slurm; do
  mkdir -p "${pair##*:}"
  mount --bind "$folder/${pair%%:*}" "${pair##*:}"
done
ip link set lo up
ip link add nodes type bridge
ip address add "$address/24" dev nodes
ip link set nodes up

munged --force --key-file="$folder/munge/key" --socket="$folder/munge/munge.socket.2" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
touch "$folder/up"

# Bash also reaps what the daemons leave behind.
exec 3<&0
cat <&3 >/dev/null &
wait $!
