PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOME=/root LC_ALL=C
export PATH HOME LC_ALL

# Once per boot: cloud-init and the guest agent may both have been told to do this.
mkdir /run/stratuslab-image 2>/dev/null || exit 0
work=/var/lib/stratuslab-image
rm -rf "$work"
mkdir -p "$work"
cd /

console=/dev/console
for port in /dev/ttyS0 /dev/ttyAMA0 /dev/hvc0; do
  if (: >"$port") 2>/dev/null; then console="$port" && break; fi
done

# Opened anew for each line, since whoever serves logins there hangs it up when it begins.
trap '' HUP
mkfifo "$work/lines"
while IFS= read -r line; do printf '%s\n' "$line" >"$console"; done <"$work/lines" &
exec >"$work/lines" 2>&1 </dev/null

say() { printf '\n%s %s\n' "$mark" "$*"; }

# Nothing is written from here on: file systems go read-only at once, whoever uses them.
switch_off() {
  sync
  sleep 1
  { echo s && sleep 1 && echo u && sleep 2 && echo o; } >/proc/sysrq-trigger 2>/dev/null
  sleep 10
  poweroff -f
  exit 0
}

fail() {
  say "failed: $*"
  switch_off
}

install_packages() {
  say "installing $*"
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 update && apt-get -q -y -o DPkg::Lock::Timeout=300 install "$@"
  elif command -v dnf >/dev/null; then dnf -y install "$@"
  elif command -v yum >/dev/null; then yum -y install "$@"
  elif command -v zypper >/dev/null; then zypper --non-interactive install "$@"
  elif command -v apk >/dev/null; then apk add "$@"
  else fail 'the guest has no package manager that is known here (apt-get, dnf, yum, zypper, apk)'
  fi || fail 'the packages cannot be installed'
}

run_script() {
  say 'running the script'
  chmod 700 "$work/script"
  (cd /root 2>/dev/null; exec "$work/script")
  code=$?
  [ "$code" = 0 ] || fail "the script ended with exit code $code"
}

say begun
