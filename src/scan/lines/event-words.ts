/** What an event proves and what it does not, in a line or two: by name. A kind without words has none shown. */
export const EVENT_WORDS: Readonly<Record<string, { readonly address: string; readonly proof: string }>> = {
  icmpv6_no_reply: {
    address: 'source of the ICMPv6 error that was not answered; can be this host',
    proof:
      'Proves that an ICMPv6 error could not be delivered or processed and was, as it must be, not answered with another. Does not prove an attack, nor that anything was sent or timed out.',
  },
  source_route_failed: {
    address: 'destination of the packet quoted in an ICMP error, not its sender',
    proof:
      'Proves that someone sent an ICMP error that says a source route failed. Does not prove that this host sent such a packet: the quoted packet can be made up, and the sender of the error is not logged.',
  },
  source_route_option: {
    address: 'sender of the packet, which can be forged',
    proof:
      'Proves that an IPv4 packet with a source route came in and was refused. Does not prove who sent it; packets that are accepted leave no such line.',
  },
  source_route_attempt: {
    address: 'sender of the packet, which can be forged',
    proof:
      "Proves that a packet matched the firewall's rule for source routes. Does not prove who sent it, nor that it was accepted or refused.",
  },
};
