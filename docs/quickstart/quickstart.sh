#!/usr/bin/env bash
# Three VMs on this machine's libvirt, or on the host at URI, and back to how it was. Run by ./build.sh quickstart [--uri URI].
# What it has to start, define or write it undoes at the end, also after a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
uri=
case "$*" in
  '') ;;
  '--uri '?*) uri="$2" ;;
  *) echo "usage: ./build.sh quickstart [--uri URI]" >&2; exit 2 ;;
esac
started=$SECONDS
undo=()

say() { printf '[%3d s] %s\n' $((SECONDS - started)) "$*"; }
later() { undo=("$*" "${undo[@]}"); }
clean_up() {
  local code=$? step
  trap - INT TERM
  [ ${#undo[@]} -eq 0 ] || say "Putting things back"
  for step in "${undo[@]}"; do eval "$step" || say "Could not: $step"; done
  [ "$code" = 0 ] && say "Done; nothing is left behind." || say "The quickstart failed (exit code $code)."
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

local_virsh() { virsh -q -c qemu:///system "$@"; }

# Whether a guest really starts with KVM when run as libvirt runs it. A nested /dev/kvm may be there and hang.
kvm_works() {
  [ -e /dev/kvm ] || return 1
  local user as log pid works=1
  user="$(id -un libvirt-qemu 2>/dev/null || id -un)"
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups)
  "${as[@]}" test -w /dev/kvm || return 1
  say "Trying whether guests start with KVM"
  log="$(mktemp)"
  "${as[@]}" qemu-system-x86_64 -machine q35,accel=kvm -cpu host -m 128 -display none -nic none -serial stdio \
    -drive if=virtio,format=qcow2,snapshot=on,file=/dev/fd/3 3<"$1" </dev/null >"$log" 2>&1 &
  pid=$!
  for _ in $(seq 150); do
    if grep -qa 'micro: booted' "$log"; then works=0; break; fi
    [ -e "/proc/$pid" ] || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -f "$log"
  return $works
}

start_libvirtd() {
  local folder
  if [ -d /run/systemd/system ]; then
    say "Starting libvirtd"
    systemctl start libvirtd.service
    later 'systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket 2>/dev/null'
    return
  fi
  folder="$(mktemp -d)"
  later "rm -rf '$folder'"
  [ -S /run/libvirt/virtlogd-sock ] && [ -e "/proc/$(cat /run/virtlogd.pid 2>/dev/null || echo none)" ] || {
    virtlogd -d -p "$folder/virtlogd.pid"
    later "end '$folder/virtlogd.pid'"
  }
  if [ ! -e /dev/kvm ] || kvm_works "$1"; then
    say "Starting libvirtd"
    libvirtd -d -p "$folder/libvirtd.pid"
  else
    # Seeing a /dev/kvm that its guests cannot use, libvirt asks QEMU all over again at every definition, half a minute each time.
    # The /dev that it makes for each guest cannot take over a file mounted there, so it makes none.
    say "Starting libvirtd without /dev/kvm, on which guests do not start here"
    (umask 777 && : >"$folder/kvm")
    { grep -v '^ *namespaces' /etc/libvirt/qemu.conf; echo 'namespaces = []'; } >"$folder/qemu.conf"
    unshare --mount --propagation private sh -c 'mount --bind "$1/kvm" /dev/kvm && mount --bind "$1/qemu.conf" /etc/libvirt/qemu.conf &&
      exec libvirtd -d -p "$1/libvirtd.pid"' sh "$folder"
  fi
  later "end '$folder/libvirtd.pid'"
}

# What libvirtd sets for a network and leaves set.
remember_forwarding() {
  [ -n "$(firewall_chains iptables filter)" ] || later remove_firewall_chains
  later "echo $(cat /proc/sys/net/ipv4/ip_forward) >/proc/sys/net/ipv4/ip_forward"
}

# libvirtd never takes away its own, by then empty, firewall chains.
firewall_chains() { "$1" -w -t "$2" -S 2>/dev/null | sed -n 's/^-N \(LIBVIRT_[A-Z]*\)$/\1/p'; }
remove_firewall_chains() {
  local command table chain rule
  for command in iptables ip6tables; do
    for table in filter nat mangle; do
      "$command" -w -t "$table" -S 2>/dev/null | grep -E '^-A [A-Z]+ -j LIBVIRT_[A-Z]+$' | while read -r _ rule; do
        # shellcheck disable=SC2086 # a rule is words
        "$command" -w -t "$table" -D $rule
      done
      for chain in $(firewall_chains "$command" "$table"); do "$command" -w -t "$table" -F "$chain"; done
      for chain in $(firewall_chains "$command" "$table"); do "$command" -w -t "$table" -X "$chain"; done
    done
  done
}

# Ends a daemon that we started, and waits for it.
end() {
  local pid
  pid="$(cat "$1" 2>/dev/null)" || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do [ -e "/proc/$pid" ] || return 0; sleep 0.1; done
  return 1
}

prepare_local_host() {
  if ! local_virsh uri >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] || { say "libvirtd is not running, or this user may not use it: run as root, or join the group libvirt."; exit 1; }
    remember_forwarding
    start_libvirtd "$1"
    local_virsh uri >/dev/null
  fi
  if ! local_virsh net-info default >/dev/null 2>&1; then
    say "Defining the network default"
    local_virsh net-define /usr/share/libvirt/networks/default.xml
    later 'local_virsh net-undefine default'
  fi
  if ! local_virsh net-info default | grep -q '^Active: *yes'; then
    say "Starting the network default"
    local_virsh net-start default
    later 'local_virsh net-destroy default'
  fi
  if ! local_virsh pool-info default >/dev/null 2>&1; then
    say "Defining the pool default"
    local_virsh pool-define-as default dir --target /var/lib/libvirt/images
    later 'local_virsh pool-undefine default'
  fi
  if ! local_virsh pool-info default | grep -q '^State: *running'; then
    say "Starting the pool default"
    [ -d /var/lib/libvirt/images ] || { local_virsh pool-build default && later 'rmdir /var/lib/libvirt/images'; }
    local_virsh pool-start default
    later 'local_virsh pool-destroy default'
  fi
}

say "Making the micro guest image (kept in the cache)"
image="$(dotnet artifacts/bin/StratusLab.Rig/release/StratusLab.Rig.dll guest micro)"
if [ -z "$uri" ]; then
  uri=qemu:///system
  prepare_local_host "$image"
fi

STRATUS_HOME="$(mktemp -d)"
export STRATUS_HOME
later "rm -rf '$STRATUS_HOME'"
ssh-keygen -q -t ed25519 -N '' -C quickstart -f "$STRATUS_HOME/key"

# Both remove what they made; what an interrupted one could not is removed here, while the host still answers.
if command -v pwsh >/dev/null; then
  program="docs/quickstart/quickstart.ps1 in pwsh"
  quick=(pwsh -NoProfile -NonInteractive -File docs/quickstart/quickstart.ps1 -Uri "$uri" -ImagePath "$image" -KeyPath "$STRATUS_HOME/key")
  remove=(pwsh -NoProfile -NonInteractive -File docs/quickstart/remove.ps1)
else
  program="docs/samples/Quickstart, as there is no pwsh"
  quick=(dotnet run --no-build -c Release --project docs/samples/Quickstart -- "$uri" "$image" "$STRATUS_HOME/key")
  remove=(dotnet run --no-build -c Release --project docs/samples/Quickstart -- --remove)
fi
completed=
later '[ -n "$completed" ] || "${remove[@]}"'
say "Running $program"
"${quick[@]}"
completed=1
