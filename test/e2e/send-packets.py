"""Sends crafted packets: device, destination MAC and a JSON list of
[kind, source, destination, count] as arguments."""
import json
import sys

from scapy.config import conf
from scapy.layers.inet import IP, UDP, IPOption_LSRR, IPOption_SSRR
from scapy.layers.inet6 import IPv6, IPv6ExtHdrRouting
from scapy.layers.l2 import Ether
from scapy.sendrecv import sendp

ROUTE = ["203.0.113.200"]


def packet(kind, source, destination, _count=1):
    if kind == "rh0":
        # One segment left: used up already it would be no source route any more.
        return IPv6(src=source, dst=destination) / IPv6ExtHdrRouting(
            type=0, segleft=1, addresses=["2001:db8:ffff::1"]
        )
    option = {"lsrr": IPOption_LSRR, "ssrr": IPOption_SSRR}[kind]
    return IP(src=source, dst=destination, options=[option(routers=ROUTE)])


device, mac, packets = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
conf.verb = 0
frames = [bytes(Ether(dst=mac) / packet(*p) / UDP(sport=6000, dport=53)) for p in packets]
for frame, (*_, count) in zip(frames, packets):
    sendp(frame, iface=device, count=count if isinstance(count, int) else 1)
