#!/bin/sh
# Makes the hosts of a burst and their queue in Grid Engine, and keeps jobs that name no queue off it. Run it as a manager on an
# administrative host; it may be run again, after a change too. The names of the hosts must resolve there.
set -eu
local=@LOCAL_QUEUE@ queue=@BURST_QUEUE@ group=@HOST_GROUP@ slots=@SLOTS@ limit=@LIMIT@
values=@VALUES@
nodes='@NODES@'
request=${SGE_ROOT:-/var/lib/gridengine}/${SGE_CELL:-default}/common/sge_request
export SGE_SINGLE_LINE=1 LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# First of all: from now on a job that asks for no queue asks for the local one.
grep -qs '^[[:space:]]*-q[[:space:]]' "$request" || printf '%s\n' "-q $local" >>"$request"

# What the burst writes at each host: the machine behind it and until when that is wanted. And what a host has while it is off.
qconf -sc >"$work/complexes"
attribute() { grep -q "^$1 " "$work/complexes" || printf '%s\n' "$1 $1 $2 NO NO $3 0" >>"$work/complexes"; }
attribute stratus_machine 'STRING ==' NONE
attribute stratus_lease 'STRING ==' NONE
attribute stratus_memory 'STRING ==' NONE
attribute stratus_gpu 'INT <=' 0
qconf -Mc "$work/complexes"

if ! qconf -shgrp "$group" >/dev/null 2>&1; then
  printf 'group_name %s\nhostlist NONE\n' "$group" >"$work/group"
  qconf -Ahgrp "$work/group"
fi
if ! qconf -sq "$queue" >/dev/null 2>&1; then
  qconf -sq "$local" >"$work/local"
  sed -e "s/^qname .*/qname $queue/" -e "s/^hostlist .*/hostlist $group/" -e "s/^slots .*/slots $slots/" -e "s/^h_rt .*/h_rt $limit/" "$work/local" >"$work/queue"
  qconf -Aq "$work/queue"
else
  qconf -mattr queue slots "$slots" "$queue"
  qconf -mattr queue h_rt "$limit" "$queue"
fi

for node in $nodes; do
  # An administrative host, or its execd may not register, nor the machine read its lease.
  qconf -sh | grep -qx "$node" || qconf -ah "$node"
  if ! qconf -se "$node" >/dev/null 2>&1; then
    printf '%s\n' "hostname $node" 'load_scaling NONE' "complex_values $values" 'user_lists NONE' 'xuser_lists NONE' 'projects NONE' 'xprojects NONE' \
      'usage_scaling NONE' 'report_variables NONE' >"$work/host"
    qconf -Ae "$work/host"
    new=yes
  else
    qconf -mattr exechost complex_values "$values" "$node"
    new=
  fi
  qconf -shgrp_resolved "$group" | tr ' ' '\n' | grep -qx "$node" || qconf -aattr hostgroup hostlist "$node" "$group"
  # Nothing is given to a name before its machine is there.
  [ -z "$new" ] || qmod -d "$queue@$node"
done
