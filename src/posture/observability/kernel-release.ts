/** The two numbers a kernel release begins with. */
export interface KernelVersion {
  major: number;
  minor: number;
}

/** Takes a kernel release such as `6.1.0-56-amd64`, returns its version, or `undefined` if it is none. Throws nothing. */
export function parseKernelRelease(release: string): KernelVersion | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})(?!\d)/.exec(release);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/** Says whether a version is older than another one. */
export function isBefore(version: KernelVersion, major: number, minor: number): boolean {
  return version.major < major || (version.major === major && version.minor < minor);
}
