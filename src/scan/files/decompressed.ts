import { once } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import { compressionOf, MAGIC_BYTES } from './compression.ts';

/**
 * What a stream gives, decompressed if it begins like something compressed. Takes what is told how many bytes came. Its iteration throws
 * what the stream does, and an Error for a person when it is cut off or damaged, or compressed in a way that this program cannot undo.
 */
export async function* decompressed(source: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const head = await peek(source);
  const compression = compressionOf(head);
  if (compression === undefined) {
    for await (const chunk of source) {
      onBytes(chunk.length);
      yield chunk;
    }
    return;
  }
  const { name, decompress, command } = compression;
  if (decompress === undefined) {
    source.destroy();
    throw new Error(
      `it is compressed with ${name}, which this program cannot read: use ${command} FILE | srcroute-exporter scan -`,
    );
  }
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      onBytes(chunk.length);
      yield chunk;
    }
  };
  const plain = decompress();
  // Its error reaches whoever reads what comes out.
  pipeline(source, counted, plain, () => {});
  try {
    for await (const chunk of plain) yield chunk;
  } catch (error) {
    throw new Error(messageOf(error as NodeJS.ErrnoException, name), { cause: error });
  }
}

/** The first bytes, which stay in the stream. */
async function peek(source: Readable): Promise<Buffer> {
  await once(source, 'readable');
  const head: Buffer | null = source.read(MAGIC_BYTES) ?? source.read();
  if (head === null) return Buffer.alloc(0);
  source.unshift(head);
  return head;
}

function messageOf({ code, message }: NodeJS.ErrnoException, name: string): string {
  if (code === 'Z_BUF_ERROR') return `its ${name} data is cut off`;
  return code?.startsWith('Z') ? `its ${name} data is damaged (${message})` : message;
}
