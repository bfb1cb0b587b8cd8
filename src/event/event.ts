/** Network family of the packet an event is about. */
export type Family = 'ipv4' | 'ipv6';

/** What the address in an event's line is: the label `address_role` of `srcroute_event_info`. */
export type AddressRole = 'sender' | 'quoted_destination' | 'answered_packet_source';

/** One kind of event: a row of the table in kinds.ts. */
export interface EventKind {
  /** Value of the label `event`. */
  readonly name: string;
  /** Families in which the kernel can print it. */
  readonly families: readonly Family[];
  /** Whether some kernel prints it without an address (`source_ip="unknown"`). */
  readonly canLackAddress: boolean;
  readonly addressRole: AddressRole;
  /** A message that holds none of these is not of this kind; one that does and still does not parse is suspicious. */
  readonly needles: readonly string[];
  /** Takes a whole message, decorations included; gives the event, or nothing when the message has not exactly the form. */
  readonly parse: (message: string) => KernelEvent | undefined;
}

/** A record of one of our kinds. Addresses are canonical (see canonicalAddress). */
export interface KernelEvent {
  /** Name of its kind. */
  readonly event: string;
  readonly family: Family;
  /** The address counted; undefined when the kernel printed none. */
  readonly source: string | undefined;
  readonly destination?: string | undefined;
  /** The interface the packet came in on, where the line tells. */
  readonly interface?: string | undefined;
}
