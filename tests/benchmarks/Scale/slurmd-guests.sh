#!/bin/bash
# Runs in a rig cluster's namespaces and starts there what stands for thousands of machines: for each a slurmd in network and host name namespaces of its
# own. A bridge takes 1,024 ports, so that each is on a link of its own and slurmctld is its gateway.
# Orders are lines of standard input; each is answered by its number when it is done. All ends with the cluster.
#   start NUMBER NAME ADDRESS | stop NUMBER
set -euo pipefail
folder=$1
export PATH="$PATH:/usr/sbin:/sbin"
gateway=169.254.1.1
ip address add "$gateway/32" dev lo
mkfifo "$folder/never"
exec 9<>"$folder/never"
declare -A guests

start() {
  local number=$1 name=$2 address=$3
  unshare --net --uts -- bash -c '
    echo "$1" >/proc/sys/kernel/hostname
    until [[ $(</proc/self/net/dev) == *eth0:* ]]; do read -r -t 0.01 -u 9 || true; done
    ip -batch - <<TEXT
link set lo up
address add $2/32 dev eth0
link set eth0 up
route add $3 dev eth0
route add default via $3
TEXT
    exec slurmd -D -b -N "$1" -f "$4" 9<&-
  ' bash "$name" "$address" "$gateway" "$folder/slurm.conf" >/dev/null 2>"$folder/guest.err" </dev/null &
  guests[$number]=$!
  disown "$!" # or Bash would tell of each that is stopped
  while [[ /proc/${guests[$number]}/ns/net -ef /proc/self/ns/net ]]; do read -r -t 0.01 -u 9 || true; done
  ip -batch - <<TEXT
link add g$number type veth peer name eth0 netns ${guests[$number]}
link set g$number up
route add $address dev g$number
TEXT
}

echo up
while read -r verb number name address; do
  case $verb in
    start) start "$number" "$name" "$address" ;;
    stop) kill -KILL "${guests[$number]}" || true; unset "guests[$number]" ;;
  esac
  echo "$number"
done
