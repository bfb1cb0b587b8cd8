import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** How a file may be compressed: a row of the table. */
export interface Compression {
  readonly name: string;
  /** The bytes it begins with. */
  readonly magic: readonly number[];
  /** What undoes it; undefined where this program cannot. */
  readonly decompress: (() => Transform) | undefined;
  /** The command that does. */
  readonly command: string;
}

const CHUNK_BYTES = 256 * 1024;

/** Node.js has zstd from 22.15 on. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform };

/** Magic numbers: RFC 1952, RFC 8878, and the formats' own descriptions. */
export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    magic: [0x1f, 0x8b],
    decompress: () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }),
    command: 'zcat',
  },
  {
    name: 'zstd',
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    decompress: createZstdDecompress && (() => createZstdDecompress({ chunkSize: CHUNK_BYTES })),
    command: 'zstdcat',
  },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], decompress: undefined, command: 'xzcat' },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], decompress: undefined, command: 'bzcat' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], decompress: undefined, command: 'lz4cat' },
];

/** How many bytes tell all of them. */
export const MAGIC_BYTES = 5;

/** How a file is compressed that begins with some bytes; undefined if it is not. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
}
