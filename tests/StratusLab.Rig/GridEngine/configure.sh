#!/bin/bash
# A cell as it is before a burst: hosts, a host group, parallel environments and a queue.
#   configure.sh FOLDER LOCAL_NODES
set -euo pipefail
folder=$1 locals=$2
hosts=NONE
for ((i = 1; i <= locals; i++)); do
  printf 'hostname n%s\nload_scaling NONE\ncomplex_values slots=4,h_vmem=4G,gpu=1\nuser_lists NONE\nxuser_lists NONE\nprojects NONE\nxprojects NONE\nusage_scaling NONE\nreport_variables NONE\n' "$i" >"$folder/host-$i"
done
qconf -as controller
qconf -sc >"$folder/complexes"
sed -i 's/^h_vmem .*/h_vmem h_vmem MEMORY <= YES YES 64M 0/' "$folder/complexes"
echo 'gpu gpu INT <= YES YES 0 0' >>"$folder/complexes"
qconf -Mc "$folder/complexes"
for ((i = 1; i <= locals; i++)); do
  qconf -Ae "$folder/host-$i"
  qconf -ah "n$i"
  [ "$hosts" = NONE ] && hosts=n$i || hosts="$hosts n$i"
done
printf 'group_name @local\nhostlist %s\n' "$hosts" >"$folder/local"
qconf -Ahgrp "$folder/local"
printf 'pe_name smp\nslots 999\nuser_lists NONE\nxuser_lists NONE\nstart_proc_args NONE\nstop_proc_args NONE\nallocation_rule $pe_slots\ncontrol_slaves FALSE\njob_is_first_task TRUE\nurgency_slots min\naccounting_summary FALSE\nqsort_args NONE\n' >"$folder/smp"
sed -e 's/^pe_name.*/pe_name mpi2/' -e 's/^allocation_rule.*/allocation_rule 2/' "$folder/smp" >"$folder/mpi2"
qconf -Ap "$folder/smp"
qconf -Ap "$folder/mpi2"
sed -e 's/^pe_name.*/pe_name mpi4/' -e 's/^allocation_rule.*/allocation_rule 4/' "$folder/smp" >"$folder/mpi4"
qconf -Ap "$folder/mpi4"
cat >"$folder/queue" <<END
qname batch.q
hostlist @local
seq_no 0
load_thresholds NONE
suspend_thresholds NONE
nsuspend 1
suspend_interval 00:05:00
priority 0
min_cpu_interval 00:05:00
processors UNDEFINED
qtype BATCH INTERACTIVE
ckpt_list NONE
pe_list smp mpi2 mpi4
rerun FALSE
slots 4
tmpdir /tmp
shell /bin/sh
prolog NONE
epilog NONE
shell_start_mode posix_compliant
starter_method NONE
suspend_method NONE
resume_method NONE
terminate_method NONE
notify 00:00:60
owner_list NONE
user_lists NONE
xuser_lists NONE
subordinate_list NONE
complex_values NONE
projects NONE
xprojects NONE
calendar NONE
initial_state default
s_rt INFINITY
h_rt 01:00:00
s_cpu INFINITY
h_cpu INFINITY
s_fsize INFINITY
h_fsize INFINITY
s_data INFINITY
h_data INFINITY
s_stack INFINITY
h_stack INFINITY
s_core INFINITY
h_core INFINITY
s_rss INFINITY
h_rss INFINITY
s_vmem INFINITY
h_vmem INFINITY
END
qconf -Aq "$folder/queue"
# The scheduler looks every second, as no test should wait for longer.
qconf -ssconf | sed -e 's/^schedule_interval.*/schedule_interval 0:0:1/' -e 's/^queue_sort_method.*/queue_sort_method seqno/' -e 's/^flush_submit_sec.*/flush_submit_sec 1/' -e 's/^flush_finish_sec.*/flush_finish_sec 1/' >"$folder/scheduler"
qconf -Msconf "$folder/scheduler"
