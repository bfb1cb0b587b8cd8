"""Tries what a service must not be able to do, one thing after the other, and
prints for each `allowed` or the name of the error, as JSON. Takes no arguments;
its working directory is one it may write to."""
import ctypes
import errno
import json
import os
import resource
import socket
import tempfile

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def open_as(path, flags):
    os.close(os.open(path, flags | os.O_NONBLOCK))


def make_setuid():
    path = tempfile.mkstemp(dir=os.getcwd())[1]
    try:
        os.chmod(path, 0o4755)
    finally:
        os.unlink(path)


def core_dump():
    if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0):
        raise PermissionError(errno.EPERM, "the limit is 0")


CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET = 0x10000000, 0x00020000, 0x40000000
SIZE_OF_THE_KERNEL_LOG = 10
ADDR_NO_RANDOMIZE = 0x0040000

ATTEMPTS = {
    "read the kernel log": lambda: open_as("/dev/kmsg", os.O_RDONLY),
    "write the kernel log": lambda: open_as("/dev/kmsg", os.O_WRONLY),
    "ask syslog(2)": lambda: call(libc.klogctl, SIZE_OF_THE_KERNEL_LOG, None, 0),
    "open another device": lambda: open_as("/dev/mem", os.O_RDONLY),
    "make a device": lambda: os.mknod("device", 0o600 | 0o020000, os.makedev(1, 1)),
    "write /etc": lambda: os.mkdir("/etc/srcroute-probe"),
    "write its own program": lambda: os.mkdir("/opt/srcroute-exporter/probe"),
    "write its state": lambda: (os.mkdir("probe"), os.rmdir("probe")),
    "read /root": lambda: os.listdir("/root"),
    "see other processes": lambda: os.stat("/proc/1"),
    "make a user namespace": lambda: call(libc.unshare, CLONE_NEWUSER),
    "make a mount namespace": lambda: call(libc.unshare, CLONE_NEWNS),
    "make a network namespace": lambda: call(libc.unshare, CLONE_NEWNET),
    "mount": lambda: call(libc.mount, b"none", b"/tmp", b"tmpfs", 0, None),
    "change the root": lambda: os.chroot("/tmp"),
    "make a setuid file": make_setuid,
    "change the owner of a file": lambda: os.chown(".", os.getuid(), -1),
    "become root": lambda: os.setuid(0),
    "open a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close(),
    "open a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "open a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "open a TCP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "take real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "change the personality": lambda: call(libc.personality, ADDR_NO_RANDOMIZE),
    "dump core": core_dump,
}


def outcome(attempt):
    try:
        attempt()
        return "allowed"
    except OSError as error:
        return errno.errorcode[error.errno]


capabilities = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff"))
print(json.dumps({"capabilities": capabilities, **{name: outcome(attempt) for name, attempt in ATTEMPTS.items()}}))
