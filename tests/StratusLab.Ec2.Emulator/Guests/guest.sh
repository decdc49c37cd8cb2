#!/bin/bash
# A guest of the emulator: its own network, host name, processes and files (over those of this machine, which stay as they are),
# and in it what a cloud image runs at its boot. Runs twice: first in the network's namespaces, then as the guest's first process.
# It is off when its standard input closes, or when something in it writes to /run/initctl.
#   guest.sh FOLDER NAME ADDRESS GATEWAY
set -euo pipefail
folder=$1 name=$2 address=$3 gateway=$4

if [ "${5:-}" != inside ]; then
  space=${name#i-}
  mkdir -p "$folder/upper" "$folder/work" "$folder/root"
  ip netns delete "$space" 2>/dev/null || true
  ip netns add "$space"
  trap 'ip netns delete "$space"' EXIT
  ip link add "v${space:0:14}" master bridge type veth peer name eth0 netns "$space"
  ip link set "v${space:0:14}" up
  # It was booted now, and not when this machine was.
  read -r up _ </proc/uptime
  nsenter "--net=/run/netns/$space" unshare --mount --pid --uts --time --boottime "-${up%.*}" --fork --kill-child --propagation private -- bash "$0" "$@" inside
  exit
fi

ip link set lo up
ip address add "$address/20" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
hostname "ip-${address//./-}"

root="$folder/root"
rm -rf "$folder/work" && mkdir "$folder/work"
mount -t overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" guest "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 run "$root/run"
# Nobody's home but its own.
for own in root home var/lib/cloud; do
  mkdir -p "$folder/own/$own" "$root/$own"
  mount --bind "$folder/own/$own" "$root/$own"
done
chmod 700 "$root/root"
mkdir -p "$root/run/sshd" "$root/run/lock" "$root/run/old"
if [ ! -e "$root/etc/ssh/guest.conf" ]; then
  here="$(dirname "$0")"
  install -m 755 "$here/first-boot.py" "$here/poweroff" "$here/systemctl" "$root/usr/local/bin"
  ln -s poweroff "$root/usr/local/bin/shutdown"
  ln -s poweroff "$root/usr/local/bin/halt"
  ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$root/etc/ssh/guest_key"
  cat >"$root/etc/ssh/guest.conf" <<'TEXT'
HostKey /etc/ssh/guest_key
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
SetEnv PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin
Subsystem sftp /usr/lib/openssh/sftp-server
TEXT
fi
cd "$root"
pivot_root . run/old
cd /
umount -l /run/old

export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root
/usr/bin/python3 /usr/local/bin/first-boot.py
/usr/sbin/sshd -f /etc/ssh/guest.conf
mkfifo -m 622 /run/initctl
exec 3<&0
cat <&3 >/run/initctl &
echo up
{
  for script in /var/lib/cloud/scripts/*; do
    [ ! -x "$script" ] || "$script" || echo "$script ended with $?"
  done
  rm -rf /var/lib/cloud/scripts
  touch /var/lib/cloud/boot-finished
} </dev/null >>/var/log/cloud-init-output.log 2>&1 3<&- &
read -r _ </run/initctl || true
