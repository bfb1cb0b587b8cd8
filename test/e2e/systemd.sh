#!/bin/bash
# Starts a systemd of its own: pid 1 of new namespaces, in control groups of its own, on a copy of the root that goes with it. It knows only the
# units that it is given, and cannot change a sysctl of the machine. The kernel, the network and /dev are the machine's.
#
#   systemd.sh DIRECTORY    DIRECTORY/units has the units; DIRECTORY/cgroups gets the names of the control groups, for who removes them
set -euo pipefail
directory=$1

control_groups() { findmnt --noheadings --raw --types cgroup,cgroup2 --output FSTYPE,TARGET,FS-OPTIONS | sort --unique; }

if [ "${2-}" != inside ]; then
  control_groups | while read -r _ target _; do
    own=$target/srcroute-e2e-$$
    mkdir "$own"
    echo "$own" >>"$directory/cgroups"
    # A cpuset begins empty, and takes nobody then.
    for file in cpuset.cpus cpuset.mems; do
      if [ -e "$target/$file" ]; then cat "$target/$file" >"$own/$file"; fi
    done
    echo $$ >"$own/cgroup.procs"
  done
  exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup --propagation private "$0" "$directory" inside
fi

mkdir "$directory/root"
mount -t tmpfs tmpfs "$directory/root"
cd "$directory/root"
mkdir upper work merged
mount -t overlay overlay -o "lowerdir=/,upperdir=upper,workdir=work" merged
groups=$(control_groups)
cd merged
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs tmpfs etc/systemd/system
mkdir run/host run/units
cp -r "$directory/units/." run/units/
if [ -d "$directory/files" ]; then cp -r "$directory/files/." .; fi
case $groups in *'cgroup '*) mount -t tmpfs tmpfs sys/fs/cgroup ;; esac
while read -r type target options; do
  mkdir -p ".$target"
  case $options in
    *name=systemd*) mount -t cgroup -o none,name=systemd cgroup ".$target" ;;
    *) if [ "$type" = cgroup ]; then mount -t cgroup -o "${options#*,}" cgroup ".$target"; else mount -t cgroup2 cgroup2 ".$target"; fi ;;
  esac
done <<<"$groups"
pivot_root . run/host
cd /
umount --lazy /run/host
# `container` keeps it from what concerns the machine: modules, the clock, the console.
exec env -i PATH="$PATH" container=srcroute-e2e SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/units SYSTEMD_GENERATOR_PATH=/none SYSTEMD_SYSVINIT_PATH=/none \
  /lib/systemd/systemd --system --unit=default.target --log-target=console --log-level=notice --show-status=0
