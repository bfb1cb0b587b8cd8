/** What each kernel line proves and what it does not: for whoever reads the boards in the middle of the night. */
export const EVIDENCE = `| event | the line says | it does not say |
|---|---|---|
| **source_route_attempt** | A packet with a source route reached this host: the firewall rule logged it. The only line that also sees packets that are *accepted*. | Who sent it: the address can be forged. How often: the rule has a rate limit, so the count is a lower bound. Nothing at all where no such rule is loaded. |
| **source_route_option** | The kernel *refused* an IPv4 packet with a source route. Needs \`log_martians\`. | Anything about packets it accepts: those are silent. One refused packet can also be a source_route_attempt: never add the two. |
| **source_route_failed** | An ICMP error arrived which claims that a packet from here could not follow its source route. Either a local program sends such packets, or someone made the error up. | Who sent the error. The address is the *destination of the quoted packet*: neither the sender nor an attacker. Do not block it. |
| **icmpv6_no_reply** | This host did not answer an ICMPv6 error with another error, as RFC 4443 demands. Stray errors, scans and routing loops cause it. | That someone failed to reply, or that a firewall blocked something. The address sent the unanswered error, can be forged, and can be this host. |

IPv6 type 0 routing headers are refused by every current kernel whatever the sysctl says, and only a firewall rule logs them. The two
lower lines need *dynamic debug*; kernels built without it never print them. All kernel lines but the firewall's share one rate limit:
a flood of one kind hides the others. **A zero means something only where the event can be seen.**`;
