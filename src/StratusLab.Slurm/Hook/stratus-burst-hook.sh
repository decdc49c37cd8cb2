#!/bin/sh
# Slurm's ResumeProgram, SuspendProgram and ResumeFailProgram: writes the request into a folder, where the burst controller
# finds it, and ends. It waits for nothing and nobody, so that slurmctld is never held up, and a request that comes while
# no controller runs is there when one starts.
#
# Slurm gives these programs no arguments but the nodes, so the name says what is asked: NAME-resume, NAME-suspend and
# NAME-resume-fail are links to this file, or copies. By hand: stratus-burst-hook VERB NODES.
set -u
umask 077
PATH=/usr/sbin:/usr/bin:/sbin:/bin
spool=${STRATUS_BURST_SPOOL:-/var/spool/stratuslab/burst}

fail() { printf '%s: %s\n' "${0##*/}" "$1" >&2; exit 1; }

case ${0##*/} in
  *-resume-fail) verb=resume-fail ;;
  *-resume) verb=resume ;;
  *-suspend) verb=suspend ;;
  *) verb=${1:-}; [ $# -eq 0 ] || shift ;;
esac
case $verb in
  resume | suspend | resume-fail) ;;
  *) fail "'$verb' is not asked by Slurm: right would be resume, suspend or resume-fail, then the nodes." ;;
esac
nodes=${1:-}
# What a node list is made of; nothing of it means anything in JSON.
case $nodes in
  '' | *[!A-Za-z0-9_.,\[\]-]*) fail "'$nodes' is no list of nodes such as n[1-3,7]." ;;
esac

[ -d "$spool" ] || mkdir -p -m 700 "$spool" || fail "The folder $spool is not there and cannot be made."
at=$(date +%s%N)
name=$at-$$-$verb
part=$spool/.$name
trap 'rm -f "$part"' EXIT
{
  printf '{"version":1,"verb":"%s","nodes":"%s","at":%s' "$verb" "$nodes" "${at%?????????}"
  # Slurm removes this file soon. It is packed, so that whatever is in it the request itself can be read.
  if [ -n "${SLURM_RESUME_FILE:-}" ] && [ -r "$SLURM_RESUME_FILE" ]; then
    printf ',"resumeFile":"'
    base64 -w0 <"$SLURM_RESUME_FILE"
    printf '"'
  fi
  printf '}\n'
} >"$part" && sync "$part" && mv "$part" "$spool/$name.json" && sync "$spool" || fail "The request '$verb $nodes' could not be written into $spool."
trap - EXIT
