#!/bin/bash
# The first process of a rig host, in its own network, mount, process and host name namespaces.
# Its end is the end of every process of the host, so it waits for its standard input to close.
#   host.sh FOLDER NAME [SSHD_PORT]
set -euo pipefail
folder=$1 name=$2 ssh=${3:-}

hostname "$name"
# libvirtd asks for its own full name at each start of a guest; without an answer that takes ten seconds.
mount --bind "$folder/hosts" /etc/hosts
mount --bind "$folder/resolv.conf" /etc/resolv.conf
mount -t sysfs sysfs /sys # this network's devices, and no control groups shared with other hosts
for pair in run:/run varlib:/var/lib/libvirt etc:/etc/libvirt log:/var/log/libvirt cache:/var/cache/libvirt sasl:/etc/sasl2; do
  mkdir -p "$folder/${pair%%:*}" "${pair##*:}"
  mount --bind "$folder/${pair%%:*}" "${pair##*:}"
done
mkdir -p /run/libvirt /run/lock /run/sshd /var/lib/libvirt/images /var/log/libvirt/qemu
chmod 755 /run/sshd
if [ -e "$folder/nokvm" ] && [ -e /dev/kvm ]; then mount --bind "$folder/nokvm" /dev/kvm; fi
if [ -e "$folder/small" ]; then
  mkdir -p /var/lib/libvirt/small
  mount -t tmpfs -o "size=$(cat "$folder/small")m,mode=711" small /var/lib/libvirt/small
fi
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward

virtlogd -d
[ -z "$ssh" ] || "$(command -v sshd || echo /usr/sbin/sshd)" -f "$folder/ssh/sshd_config"
touch "$folder/up"

# Bash also reaps what the daemons leave behind, which a waiting libvirtd relies on.
exec 3<&0
cat <&3 >/dev/null &
wait $!
