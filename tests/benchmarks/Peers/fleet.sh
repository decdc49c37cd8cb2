#!/bin/bash
# Twenty VMs the way a shell does it, on the libvirt host on which it runs. The disks are overlays of one image.
#   fleet.sh create|define|start|remove FOLDER TEMPLATE
# create: one after the other, from image to running. define: disks and definitions only. start: those, all at once.
set -euo pipefail
action=$1 folder=$2 template=$3

define() {
  qemu-img create -q -f qcow2 -F qcow2 -b "$folder/bench-base.qcow2" "$folder/bench-$1.qcow2"
  sed "s#@NAME@#bench-$1#; s#@DISK@#$folder/bench-$1.qcow2#" "$template" >"$folder/bench-$1.xml"
  virsh -q define "$folder/bench-$1.xml"
}

for i in {1..20}; do
  case $action in
    create) define "$i"; virsh -q start "bench-$i" ;;
    define) define "$i" ;;
    start) virsh -q start "bench-$i" & ;;
    remove)
      virsh -q destroy "bench-$i" 2>/dev/null || true
      virsh -q undefine "bench-$i" 2>/dev/null || true
      rm -f "$folder/bench-$i.qcow2" "$folder/bench-$i.xml"
      ;;
  esac
done
for job in $(jobs -p); do wait "$job"; done
