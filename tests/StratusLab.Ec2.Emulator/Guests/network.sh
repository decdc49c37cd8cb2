#!/bin/bash
# The first process of the network of an emulated region, in its own network, mount and process namespaces: a bridge with the
# gateways' addresses and that of the metadata service. Its end is the end of every guest, so it waits for its standard input to close.
#   network.sh FOLDER PREFIX
set -euo pipefail
folder=$1 prefix=$2

mount -t tmpfs -o mode=755 guests "$folder"
mkdir "$folder/run"
mount --bind "$folder/run" /run # for the names of the guests' namespaces
mkdir /run/netns
ip link set lo up
ip link add bridge type bridge
for subnet in 0 16 32; do ip address add "$prefix.$subnet.1/20" dev bridge; done
ip address add 169.254.169.254/32 dev bridge
ip link set bridge up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo up

# Bash also reaps what the guests leave behind.
exec 3<&0
cat <&3 >/dev/null &
wait $!
