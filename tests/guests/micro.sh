#!/usr/bin/env bash
# Makes the micro guest: a qcow2 that boots with BIOS and with UEFI in seconds, from the distribution's packages
# (kernel, busybox, dropbear, guest agent). Reads a NoCloud seed. Needs no root.
#   micro.sh OUT.qcow2
set -euo pipefail
[ $# = 1 ] || { echo "usage: micro.sh OUT.qcow2" >&2; exit 2; }
out="$(realpath -m "$1")"
recipe="$(dirname "$(realpath "$0")")"
export PATH="$PATH:/usr/sbin:/sbin"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{debs,tree,root,boot}

# --- packages -----------------------------------------------------------------------------------------------
. /etc/os-release
case "$ID" in ubuntu) kernel=linux-image-virtual ;; *) kernel=linux-image-cloud-amd64 ;; esac
closure() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" | grep '^\w'
}
apt-cache show "$kernel" >/dev/null 2>&1 || apt-get update -q >&2
# Only packages that bring a kernel, its modules, or a library of the programs below.
{
  closure "$kernel" | grep -E '^linux-(image|modules)-[0-9]'
  closure dropbear-bin qemu-guest-agent | grep -E '^lib' | grep -vE '^lib(perl|pam|audit|semanage|cap-ng|db|text-|file-|number-|newt|debian)'
  printf '%s\n' busybox-static dropbear-bin qemu-guest-agent openssh-sftp-server systemd-boot-efi
} | sort -u >"$work/packages"
(cd "$work/debs" && xargs apt-get download -q -o APT::Sandbox::User="$(id -un)" <"$work/packages" >"$work/download.log" 2>&1) ||
  { cat "$work/download.log" >&2; exit 1; }
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/tree"; done
tree="$work/tree" root="$work/root"

# --- the root file system, an initramfs ---------------------------------------------------------------------
mkdir -p "$root"/{bin,sbin,proc,sys,dev,run,tmp,root,home,var/log,usr/bin,usr/sbin,usr/lib/openssh,lib,lib64,data,mnt}
chmod 1777 "$root/tmp"
cp -a "$recipe/micro/." "$root/"
cp "$(find "$tree" -path '*/bin/busybox' -type f)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list-full); do
  [ -e "$root/$applet" ] || { mkdir -p "$root/$(dirname "$applet")"; ln -s /bin/busybox "$root/$applet"; }
done

loader="$(find "$tree" -name 'ld-linux-x86-64.so.2' | head -n 1)"
libraries="$(find "$tree" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)"
install_program() { # SOURCE TARGET: the program and the libraries it loads
  install -D -m 755 "$tree/$1" "$root/$2"
  "$loader" --library-path "$libraries" --list "$tree/$1" | awk '$2 == "=>" { print $3 }' |
    while read -r library; do cp -Ln "$library" "$root/lib/" 2>/dev/null || true; done
}
install_program usr/sbin/dropbear usr/sbin/dropbear
install_program usr/bin/dropbearkey usr/bin/dropbearkey
install_program usr/sbin/qemu-ga usr/sbin/qemu-ga
install_program usr/lib/openssh/sftp-server usr/lib/openssh/sftp-server
ln -s openssh/sftp-server "$root/usr/lib/sftp-server"
cp -L "$loader" "$root/lib64/"

version="$(basename "$(find "$tree" -path '*/lib/modules/*' -mindepth 1 -maxdepth 4 -type d -name '[0-9]*' | head -n 1)")"
modules="$(find "$tree" -type d -path "*/lib/modules/$version" | head -n 1)"
[ "$modules" = "$tree/lib/modules/$version" ] || { mkdir -p "$tree/lib/modules"; mv "$modules" "$tree/lib/modules/"; }
depmod -b "$tree" "$version"
for module in $(sed -n 's/^for module in \(.*\); do$/\1/p' "$recipe/micro/etc/init.d/boot"); do
  modprobe -d "$tree" -S "$version" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }'
done | sort -u | while read -r file; do
  target="$root/lib/modules/$version/${file##*/}"
  mkdir -p "$(dirname "$target")"
  case "$file" in
    *.zst) zstd -qdc "$file" >"${target%.zst}" ;;
    *.xz) xz -dc "$file" >"${target%.xz}" ;;
    *) cp "$file" "$target" ;;
  esac
done
cp "$tree/lib/modules/$version"/modules.{builtin,order,builtin.modinfo} "$root/lib/modules/$version/"
depmod -b "$root" "$version"
(cd "$root" && find . -print0 | sort -z | cpio --null -o -H newc -R 0:0 --quiet | zstd -q -19 >"$work/initrd")

# --- the disk: one bootable FAT partition and one for what outlives a restart -------------------------------
boot="$work/boot.img" data="$work/data.img" disk="$work/disk.raw"
options="console=ttyS0,115200 quiet rdinit=/init panic=10"
truncate -s 40M "$boot"
mkfs.vfat -n MICROBOOT "$boot" >/dev/null
printf 'SERIAL 0 115200\nDEFAULT micro\nPROMPT 0\nTIMEOUT 0\nLABEL micro\n  LINUX /vmlinuz\n  INITRD /initrd\n  APPEND %s\n' "$options" >"$work/syslinux.cfg"
printf 'timeout 0\ndefault micro.conf\n' >"$work/loader.conf"
printf 'title micro\nlinux /vmlinuz\ninitrd /initrd\noptions %s\n' "$options" >"$work/micro.conf"
export MTOOLS_SKIP_CHECK=1
mmd -i "$boot" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
mcopy -i "$boot" "$(find "$tree" -name 'vmlinuz-*' -type f | head -n 1)" ::/vmlinuz
mcopy -i "$boot" "$work/initrd" ::/initrd
mcopy -i "$boot" "$work/syslinux.cfg" ::/syslinux.cfg
mcopy -i "$boot" "$work/loader.conf" ::/loader/loader.conf
mcopy -i "$boot" "$work/micro.conf" ::/loader/entries/micro.conf
mcopy -i "$boot" "$(find "$tree" -name 'systemd-bootx64.efi' | head -n 1)" ::/EFI/BOOT/BOOTX64.EFI
syslinux --install "$boot"

truncate -s 64M "$data"
mkfs.ext4 -q -L micro-data -O ^has_journal -m 0 "$data"

truncate -s 128M "$disk"
printf 'label: dos\nlabel-id: 0x6d696372\nstart=2048, size=81920, type=ef, bootable\nstart=83968, size=131072, type=83\n' | sfdisk -q "$disk"
dd if="$(find /usr/lib -name mbr.bin -path '*syslinux*' | head -n 1)" of="$disk" bs=440 count=1 conv=notrunc status=none
dd if="$boot" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
dd if="$data" of="$disk" bs=1M seek=41 conv=notrunc,sparse status=none
mkdir -p "$(dirname "$out")"
qemu-img convert -f raw -O qcow2 -c "$disk" "$work/disk.qcow2"
mv "$work/disk.qcow2" "$out"
