#!/bin/bash
# A host to try commands on: an overlay of the machine's root in a mount and a network namespace of its own, until its standard input ends. What
# is written there is found in DIRECTORY/upper. /run is empty, systemd seems to have booted it, and systemctl is a stand-in.
#
#   overlay-root.sh DIRECTORY STUBS PATH...    STUBS has commands that come first; each PATH is seen as on the machine, read-only
set -euo pipefail
directory=$1 stubs=$2
shift 2
if [ "${1-}" != inside ]; then exec unshare --mount --net --propagation private "$0" "$directory" "$stubs" inside "$@"; fi
shift

mount -t tmpfs tmpfs "$directory"
cd "$directory"
mkdir clean upper work work2 root
# Without what this machine itself has of ours, and without sysctls of its own, which would leave nothing to say.
mount -t overlay overlay -o lowerdir=/,upperdir=clean,workdir=work root
(
  cd root/etc
  rm -rf srcroute-exporter systemd/system/srcroute-* systemd/system/nftables.service.d tmpfiles.d/srcroute-*
  rm -rf sysctl.conf sysctl.d/* ../usr/lib/sysctl.d/* ../usr/local/lib/sysctl.d
  mkdir -p sysctl.d tmpfiles.d
)
umount root
mount -t overlay overlay -o lowerdir=clean:/,upperdir=upper,workdir=work2 root
for path in /proc /dev /sys "$@"; do
  mkdir -p "root$path"
  mount --rbind "$path" "root$path"
done
# Node.js may be in /usr/bin: what is removed there must not be removed from the machine.
for path; do mount -o remount,bind,ro "root$path"; done
mount -t tmpfs tmpfs root/run
mkdir -p root/run/systemd/system root/run/stubs
cp "$stubs"/* root/run/stubs/
cp "$(command -v setpriv)" root/run/stubs/become-root
chmod u+s root/run/stubs/become-root

# What is written to the control file of dynamic debug must not reach the machine's kernel.
cat >control <<'END'
# filename:lineno [module]function flags format
net/ipv4/icmp.c:967 [icmp]icmp_unreach =_ "%pI4: Source Route Failed\n"
net/ipv6/icmp.c:538 [ipv6]icmp6_send =_ "icmp6_send: no reply to icmp error [%pI6c > %pI6c]\n"
END
if [ -e root/proc/dynamic_debug/control ]; then
  mount --bind control root/proc/dynamic_debug/control
else
  mount -t tmpfs tmpfs root/sys/kernel/debug
  mkdir root/sys/kernel/debug/dynamic_debug
  cp control root/sys/kernel/debug/dynamic_debug/control
fi

ip link set lo up
ip link add eth0 type bridge
ip link set eth0 up
for file in /proc/sys/net/ipv4/conf/*/accept_source_route; do echo 1 >"$file"; done
for file in /proc/sys/net/ipv4/conf/*/log_martians; do echo 0 >"$file"; done
echo ready
exec cat >/dev/null
