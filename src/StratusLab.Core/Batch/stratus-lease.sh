#!/bin/sh
# Lets this machine defend itself: it shuts down when nobody wants it any more, whatever became of whoever started it.
# Run every minute. The lease is a time that the burst controller moves on, in what the batch system knows of this node; it is
# read with what the node has anyway, so that no further secret and no open port is needed here.
#   STRATUS_LEASE_SECONDS         how long it may be without a lease, from the first run on (900)
#   STRATUS_MAX_LIFETIME_SECONDS  how long it may be on at all (86400)
set -u
lease=${STRATUS_LEASE_SECONDS:-900}
lifetime=${STRATUS_MAX_LIFETIME_SECONDS:-86400}
kept=${RUNTIME_DIRECTORY:-/run/stratuslab}/lease
first=${RUNTIME_DIRECTORY:-/run/stratuslab}/first
node=$(hostname -s)

# The batch system's part: lease_told writes the lease in seconds since 1970, or nothing; has_job says whether a job runs here;
# tell_off WHY REASON lets no more jobs come, WHY being "unwanted" or "old".
#BATCH-SYSTEM#

# leave WHY REASON: the batch system is told if it can be, and the machine goes off in any case.
leave() {
  printf '%s\n' "$2"
  tell_off "$1" "$2" || true
  systemctl poweroff || shutdown -P now || poweroff -f
  exit 0
}

read -r up _ </proc/uptime
up=${up%.*}
[ "$up" -lt "$lifetime" ] || leave old "This machine was on for $up s and may be on for $lifetime s."

# The node has been told of no lease before it is set up, however long the machine took to boot; what another machine of
# its name was told may still stand there. Where this cannot be kept, the whole time counts.
[ -r "$first" ] || printf '%s\n' "$up" >"$first" || true
since=0
[ ! -r "$first" ] || read -r since <"$first"
case $since in '' | *[!0-9]*) since=0 ;; esac

until=0
[ ! -r "$kept" ] || read -r until <"$kept"
case $until in '' | *[!0-9]*) until=0 ;; esac
told=$(lease_told) || told=
case $told in
  '' | *[!0-9]*) ;;
  *)
    if [ "$told" -gt "$until" ]; then
      until=$told
      # A controller that does not answer later must not make what it said before be forgotten.
      printf '%s\n' "$until" >"$kept.new" && mv "$kept.new" "$kept"
    fi
    ;;
esac

[ $((up - since)) -ge "$lease" ] || exit 0
[ "$(date +%s)" -gt "$until" ] || exit 0
! has_job || exit 0
leave unwanted "The lease of this machine was not renewed, and no job runs on it."
