import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** The root of the project, with a slash at its end. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: what a file holds is what the tests ask.
type Document = any;

/** The documents of a YAML file. Takes its path in the project. Throws an Error that names the file for what is no YAML, or has a key twice. */
export function readYaml(path: string): Document[] {
  return parseAllDocuments(readFileSync(`${PROJECT}${path}`, 'utf8'), { merge: true, uniqueKeys: true }).map(
    (document) => {
      const [problem] = [...document.errors, ...document.warnings];
      if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
      return document.toJS();
    },
  );
}

/** The first document. */
export function readFirst(path: string): Document {
  return readYaml(path)[0];
}
