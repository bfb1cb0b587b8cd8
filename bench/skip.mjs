/** What a benchmark throws when this machine lacks what it needs. */
export class Skip extends Error {}
