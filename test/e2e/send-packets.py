"""Sends crafted packets: device, destination MAC and a JSON list of
[kind, source, destination, count, details] as arguments; the last two may be
missing. With - in place of the list it reads lists from standard input, one a
line, and says "sent" after each."""
import json
import logging
import sys

from scapy.config import conf
from scapy.layers.inet import (
    IP,
    UDP,
    IPOption_LSRR,
    IPOption_NOP,
    IPOption_Router_Alert,
    IPOption_RR,
    IPOption_SSRR,
)
from scapy.layers.inet6 import (
    ICMPv6EchoRequest,
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrRouting,
)
from scapy.layers.l2 import Ether
from scapy.packet import Raw

# Scapy looks for routes that it does not need.
logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

SOURCE_ROUTES = {"lsrr": IPOption_LSRR, "ssrr": IPOption_SSRR}
OTHER_OPTIONS = {
    "nop": IPOption_NOP(),
    # With a byte that is the type of LSRR.
    "rr": IPOption_RR(routers=["131.7.8.9", "0.0.0.0"], pointer=8),
    "alert": IPOption_Router_Alert(),
}


def header(kind, source, destination, details):
    """kind: plain, lsrr, ssrr, or rh and the type of the routing header.
    details: route, the addresses in it; used, whether none of them is left to
    visit; pointer, where an option of IPv4 says that the next stands; options,
    others that stand before it."""
    used = details.get("used", False)
    if kind.startswith("rh"):
        route = details.get("route", ["2001:db8:ffff::1"])
        return IPv6(src=source, dst=destination) / IPv6ExtHdrRouting(
            type=int(kind[2:]), segleft=0 if used else len(route), addresses=route
        )
    if ":" in source:
        return IPv6(src=source, dst=destination)
    options = [OTHER_OPTIONS[name] for name in details.get("options", [])]
    if kind in SOURCE_ROUTES:
        route = details.get("route", ["203.0.113.200"])
        # At the start, or behind the option: RFC 791, 3.1.
        pointer = details.get("pointer", 4 + 4 * len(route) if used else 4)
        options.append(SOURCE_ROUTES[kind](routers=route, pointer=pointer))
    return IP(src=source, dst=destination, options=options)


def payload(source, destination, details):
    """details: inside, what the packet carries (udp, echo, time-exceeded); text,
    what a datagram says; port, where to."""
    inside = details.get("inside", "udp")
    if inside == "echo":
        return ICMPv6EchoRequest()
    if inside == "time-exceeded":
        # Of a packet that this host might have sent.
        return ICMPv6TimeExceeded() / IPv6(src=destination, dst=source) / UDP()
    text = details.get("text", "")
    datagram = UDP(sport=6000, dport=details.get("port", 53))
    if ":" not in source:
        # None: scapy would reckon with the end of a route that is used up.
        datagram.chksum = 0
    return datagram / Raw(text.encode()) if text else datagram


def send(socket, mac, packets):
    for kind, source, destination, *rest in packets:
        count = rest[0] if rest else 1
        details = rest[1] if len(rest) > 1 else {}
        packet = header(kind, source, destination, details)
        frame = bytes(Ether(dst=mac) / packet / payload(source, destination, details))
        for _ in range(count):
            socket.send(frame)


device, mac, given = sys.argv[1:]
conf.verb = 0
socket = conf.L2socket(iface=device)
if given == "-":
    for line in sys.stdin:
        send(socket, mac, json.loads(line))
        print("sent", flush=True)
else:
    send(socket, mac, json.loads(given))
