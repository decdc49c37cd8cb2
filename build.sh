#!/usr/bin/env bash
# Prepares a bare Debian or Ubuntu machine and runs one task of build/. See ./build.sh help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# What a libvirt host is made of, what a guest image is made of, and what the tests use beside them.
host_packages=(libvirt-daemon-system libvirt-clients libvirt-daemon-config-network libvirt-daemon-driver-qemu
  qemu-system-x86 qemu-utils ovmf dnsmasq-base iproute2 iptables kmod util-linux)
guest_packages=(busybox-static cpio dosfstools e2fsprogs fdisk mtools openssh-client syslinux syslinux-common extlinux zstd)
test_packages=(binutils docker-registry genisoimage gnutls-bin iputils-ping libsasl2-modules mmdebstrap netcat-openbsd openssh-server
  python3-libvirt sasl2-bin postgresql skopeo awscli python3-boto3 python3-botocore python3-jinja2 python3-yaml
  munge procps slurm-client slurmctld slurmd
  mailutils gridengine-client gridengine-exec gridengine-master)

cache="${XDG_CACHE_HOME:-$HOME/.cache}/stratuslab"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

update_packages_once() {
  [ -n "${packages_updated:-}" ] || as_root apt-get update -q >&2
  packages_updated=1
}

# Installs what is missing of the named packages. A name this release does not have is left out and said:
# the tests that need it are then skipped with that reason.
need_packages() {
  local name missing=() known=()
  command -v dpkg-query >/dev/null || { say "Not a Debian or Ubuntu machine: install these yourself: $*"; return 0; }
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "Not root and no sudo: not installing ${missing[*]}"
    return 0
  fi
  update_packages_once
  for name in "${missing[@]}"; do
    if apt-cache show "$name" >/dev/null 2>&1; then known+=("$name"); else say "No package named $name in this release."; fi
  done
  [ ${#known[@]} -gt 0 ] || return 0
  # Grid Engine's tests make cells of their own: Debian's packages shall not make one, which would start with the machine.
  case " ${known[*]} " in
    *' gridengine-'*) printf 'gridengine-common shared/gridengineconfig boolean false\n' | as_root debconf-set-selections ;;
  esac
  say "Installing ${known[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${known[@]}" >&2
}

# `dotnet --version` answers for this folder's global.json, so it fails when the SDK is absent or too old.
need_dotnet() {
  dotnet --version >/dev/null 2>&1 && return
  need_packages dotnet-sdk-10.0
  dotnet --version >/dev/null 2>&1 && return
  say "The .NET SDK that global.json asks for was not found: install .NET SDK 10.0 and put dotnet on PATH."
  exit 1
}

want_pwsh() {
  export PATH="$PATH:$cache/tools"
  command -v pwsh >/dev/null && return
  timeout 300 dotnet tool install --tool-path "$cache/tools" PowerShell >/dev/null 2>&1 ||
    say "No pwsh on PATH and it could not be installed: going on without it."
}

help() {
  cat <<'TEXT'
./build.sh TASK [ARGUMENTS]

  quickstart [--uri URI]  three VMs on this machine's libvirt, or on the host at URI, shown and removed again
  build                   build everything, and assemble the module with its help in artifacts/module
  test [--all]            run the tests; --all adds those that take more than ten minutes
  bench [NAME]            run the benchmarks, or the one named
  docs                    check that docs/en-US describes every cmdlet and parameter, and write the module's help from it
  package                 the module as a zip and the SDK as NuGet packages, in artifacts/package
TEXT
}

task="${1:-help}"
case "$task" in
  quickstart)
    # A host elsewhere has its own hypervisor; here it takes qemu-img, for disks on their way to EC2.
    if [ "${2:-}" = --uri ]; then need_packages qemu-utils "${guest_packages[@]}"; else need_packages "${host_packages[@]}" "${guest_packages[@]}"; fi
    ;;
  test | bench) need_packages "${host_packages[@]}" "${guest_packages[@]}" "${test_packages[@]}" ;;
  build | docs | package) ;;
  help | -h | --help) help; exit ;;
  *) say "Unknown task '$task'."; help >&2; exit 2 ;;
esac
need_dotnet
want_pwsh
exec dotnet run --project build -- "$@"
