#!/bin/sh
# Lets this machine defend itself: it shuts down when nobody wants it any more, whatever became of whoever started it.
# Run every minute. The lease is a time in the comment of this node in Slurm, which the burst controller moves on; it is read
# with what the node has anyway, munge and scontrol, so that no further secret and no open port is needed here.
#   STRATUS_LEASE_SECONDS         how long it may be without a lease, from the first run on (900)
#   STRATUS_MAX_LIFETIME_SECONDS  how long it may be on at all (86400)
set -u
lease=${STRATUS_LEASE_SECONDS:-900}
lifetime=${STRATUS_MAX_LIFETIME_SECONDS:-86400}
kept=${RUNTIME_DIRECTORY:-/run/stratuslab}/lease
first=${RUNTIME_DIRECTORY:-/run/stratuslab}/first
node=$(hostname -s)

# leave STATE REASON: Slurm is told if it can be, and the machine goes off in any case.
leave() {
  printf '%s\n' "$2"
  timeout 20 scontrol update "NodeName=$node" "State=$1" "Reason=$2" || true
  systemctl poweroff || shutdown -P now || poweroff -f
  exit 0
}

read -r up _ </proc/uptime
up=${up%.*}
[ "$up" -lt "$lifetime" ] || leave DOWN "This machine was on for $up s and may be on for $lifetime s."

# The node has been told of no lease before it is set up, however long the machine took to boot; what another machine of
# its name was told may still stand there. Where this cannot be kept, the whole time counts.
[ -r "$first" ] || printf '%s\n' "$up" >"$first" || true
since=0
[ ! -r "$first" ] || read -r since <"$first"
case $since in '' | *[!0-9]*) since=0 ;; esac

until=0
[ ! -r "$kept" ] || read -r until <"$kept"
case $until in '' | *[!0-9]*) until=0 ;; esac
note=$(timeout 20 scontrol show node "$node" --oneliner 2>/dev/null) || note=
case $note in
  *' Comment=stratus-lease='[0-9]*)
    told=${note##*' Comment=stratus-lease='}
    told=${told%%[!0-9]*}
    if [ "$told" -gt "$until" ]; then
      until=$told
      # A controller that does not answer later must not make what it said before be forgotten.
      printf '%s\n' "$until" >"$kept.new" && mv "$kept.new" "$kept"
    fi
    ;;
esac

[ $((up - since)) -ge "$lease" ] || exit 0
[ "$(date +%s)" -gt "$until" ] || exit 0
# A step of a job is a process that names itself so; one that only holds the control group of slurmd is named otherwise.
! grep -aqs '^slurmstepd: \[' /proc/[0-9]*/cmdline || exit 0
leave POWER_DOWN "The lease of this machine was not renewed, and no job runs on it."
