#!/usr/bin/env bash
# Makes the real guest: this machine's own Debian (or Ubuntu) release with systemd, real cloud-init, sshd and the guest agent, booting
# with BIOS. Packages come from where this machine gets its own. Needs root, for mmdebstrap and to mount the new file system.
#   debian.sh OUT.qcow2 [PACKAGE...]
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: debian.sh OUT.qcow2 [PACKAGE...]" >&2; exit 2; }
out="$(realpath -m "$1")"
shift
export PATH="$PATH:/usr/sbin:/sbin"
. /etc/os-release
case "$ID" in
  ubuntu) origin=Ubuntu kernel=linux-image-virtual ;;
  *) origin=Debian kernel=linux-image-cloud-amd64 ;;
esac

work="$(mktemp -d)"
clean_up() {
  if mountpoint -q "$work/mnt"; then umount "$work/mnt"; fi
  rm -rf "$work"
}
trap clean_up EXIT
mkdir "$work/mnt"

apt-cache show "$kernel" >/dev/null 2>&1 || apt-get update -q >&2
apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: $origin" |
  sort -u >"$work/sources.list"
apt-config dump Acquire | grep -i '::proxy' >"$work/apt.conf" || true

packages=(systemd-sysv systemd-resolved dbus udev "$kernel" initramfs-tools cloud-init cloud-guest-utils e2fsprogs netplan.io
  iproute2 openssh-server openssh-sftp-server qemu-guest-agent sudo zstd "$@")

cat >"$work/configure.sh" <<'SETUP'
set -e
root="$1"
echo 'LABEL=root / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
# Guests mostly run under emulation, where each module costs a second and each kind of key many: what is left does what an image is used for.
cat >"$root/etc/cloud/cloud.cfg.d/90_guest.cfg" <<'CLOUD'
datasource_list: [ NoCloud, None ]
locale: C.UTF-8
ssh_genkeytypes: [ ed25519 ]
cloud_init_modules: [ seed_random, bootcmd, write-files, growpart, resizefs, disk_setup, mounts, set_hostname, update_hostname, update_etc_hosts, users-groups, ssh ]
cloud_config_modules: [ set-passwords, ntp, timezone, runcmd ]
cloud_final_modules: [ package-update-upgrade-install, write-files-deferred, scripts-user, ssh-authkey-fingerprints, final-message, power-state-change ]
CLOUD
printf 'MODULES=list\nCOMPRESS=zstd\n' >"$root/etc/initramfs-tools/conf.d/guest"
printf '%s\n' virtio_pci virtio_blk virtio_scsi sd_mod ext4 >>"$root/etc/initramfs-tools/modules"
chroot "$root" update-initramfs -u
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# What must be each machine's own is made at its first boot.
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/etc/hostname"
ln -s ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/boot/syslinux"
cat >"$root/boot/syslinux/syslinux.cfg" <<'BOOT'
SERIAL 0 115200
DEFAULT linux
PROMPT 0
TIMEOUT 0
LABEL linux
  LINUX /vmlinuz
  INITRD /initrd.img
  APPEND root=LABEL=root ro console=ttyS0,115200 quiet no5lvl init_on_alloc=0 audit=0 mitigations=off modprobe.blacklist=kvm,kvm_amd,powernow_k8,aesni_intel
BOOT
SETUP

mmdebstrap --quiet --mode=root --variant=apt --include="$(IFS=,; echo "${packages[*]}")" --aptopt="$work/apt.conf" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --customize-hook="sh $work/configure.sh"' "$1"' \
  "$VERSION_CODENAME" "$work/root" "$work/sources.list" >&2
# Kernel and initramfs where the boot loader looks, on whichever path this release links them.
for link in vmlinuz initrd.img; do
  [ -e "$work/root/$link" ] || ln -s "$(cd "$work/root" && ls -d boot/"${link%.img}"*-[0-9]* | tail -n 1)" "$work/root/$link"
done

megabytes=$(($(du -sm "$work/root" | cut -f1) * 5 / 4 + 200))
truncate -s "${megabytes}M" "$work/part.img"
mkfs.ext4 -q -L root -O ^metadata_csum_seed,^orphan_file -d "$work/root" "$work/part.img" 2>/dev/null ||
  mkfs.ext4 -q -L root -d "$work/root" "$work/part.img"
mount -o loop "$work/part.img" "$work/mnt"
extlinux --install "$work/mnt/boot/syslinux" >&2
umount "$work/mnt"

truncate -s 3G "$work/disk.raw"
printf 'label: dos\nstart=2048, size=%d, type=83, bootable\n' $((megabytes * 2048)) | sfdisk -q "$work/disk.raw"
dd if="$(find /usr/lib -name mbr.bin -path '*syslinux*' | head -n 1)" of="$work/disk.raw" bs=440 count=1 conv=notrunc status=none
dd if="$work/part.img" of="$work/disk.raw" bs=1M seek=1 conv=notrunc,sparse status=none
mkdir -p "$(dirname "$out")"
qemu-img convert -f raw -O qcow2 -c "$work/disk.raw" "$work/disk.qcow2"
mv "$work/disk.qcow2" "$out"
