say cleaning

# What tells one machine from another.
rm -f /etc/ssh/ssh_host_*key /etc/ssh/ssh_host_*key.pub /etc/dropbear/dropbear_*_host_key
[ -e /etc/machine-id ] && : >/etc/machine-id
[ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ] && rm -f /var/lib/dbus/machine-id
rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /boot/loader/random-seed /boot/efi/loader/random-seed /var/lib/urandom/random-seed
[ -s /etc/hostname ] && echo localhost >/etc/hostname
rm -f /etc/udev/rules.d/70-persistent-net.rules

# What cloud-init made for this machine; it does it anew for the next.
command -v cloud-init >/dev/null && cloud-init clean --logs
rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data /var/lib/cloud/sem
rm -f /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init* /etc/systemd/network/10-cloud-init-* \
  /etc/NetworkManager/system-connections/cloud-init-*

# Leases, and who may log in: keys come with the next machine's own request.
rm -f /var/lib/dhcp/*.lease* /var/lib/dhclient/*.lease* /var/lib/dhcpcd*/*.lease* /var/lib/NetworkManager/*.lease \
  /var/lib/NetworkManager/secret_key /var/lib/NetworkManager/timestamps /run/systemd/netif/leases/*
for home in /root /home/*; do
  rm -f "$home"/.ssh/authorized_keys "$home"/.bash_history "$home"/.sh_history "$home"/.ash_history "$home"/.zsh_history \
    "$home"/.python_history "$home"/.lesshst "$home"/.viminfo "$home"/.wget-hsts
done

# Logs, packages that were fetched, temporary files.
command -v journalctl >/dev/null && journalctl --relinquish-var
rm -rf /var/log/journal/*
find /var/log -type f \( -name '*.gz' -o -name '*.xz' -o -name '*.old' -o -name '*.[0-9]' \) -exec rm -f {} +
find /var/log -type f -exec truncate -s 0 {} +
if command -v apt-get >/dev/null; then apt-get clean; rm -rf /var/lib/apt/lists/*; fi
if command -v dnf >/dev/null; then dnf -q clean all; elif command -v yum >/dev/null; then yum -q clean all; fi
find /tmp /var/tmp -mindepth 1 -maxdepth 1 -exec rm -rf {} +
rm -rf "$work"

for key in /etc/ssh/ssh_host_*key /etc/dropbear/dropbear_*_host_key; do
  [ -e "$key" ] && fail "the host key $key cannot be removed"
done
[ -s /etc/machine-id ] && fail 'the machine-id cannot be emptied'
[ -e /var/lib/cloud/instance ] && fail 'the state of cloud-init cannot be removed'

# What was freed is told to the disk.
sync
while read -r device mount rest; do
  case "$device" in /dev/*) fstrim "$mount" ;; esac
done </proc/mounts
say done
switch_off
