import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file's text in latin1, a symbolic link, or a directory. */
export type Node = string | { readonly link: string } | { readonly directory: true };

/** Nodes by their path from the root, in latin1. */
export type Tree = Readonly<Record<string, Node>>;

/** The bytes of a path as a text of latin1: how the rooms of a boot take it. */
export function latin1(path: string): string {
  return Buffer.from(path).toString('latin1');
}

/**
 * Makes a tree below a directory, in the order of its entries. No path may lead through a link of it that is absolute.
 */
export function makeTree(root: string, tree: Tree): void {
  for (const [path, node] of Object.entries(tree)) {
    const place = Buffer.from(latin1(root) + path, 'latin1');
    mkdirSync(Buffer.from(latin1(root) + dirname(path), 'latin1'), { recursive: true });
    if (typeof node === 'string') writeFileSync(place, node, 'latin1');
    else if ('link' in node) symlinkSync(Buffer.from(node.link, 'latin1'), place);
    else mkdirSync(place, { recursive: true });
  }
}
