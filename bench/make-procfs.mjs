import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes what the exporter reads of a host's procfs, with these interfaces. @param {string} root @param {readonly string[]} interfaces */
export function makeProcfs(root, interfaces) {
  const write = (/** @type {string} */ path, /** @type {string} */ text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const family of ['ipv4', 'ipv6']) {
    for (const name of ['all', 'default', ...interfaces]) {
      write(`sys/net/${family}/conf/${name}/accept_source_route`, '0\n');
      if (family === 'ipv4') write(`sys/net/${family}/conf/${name}/log_martians`, '0\n');
    }
  }
  write('sys/net/core/message_cost', '5\n');
  write('sys/net/core/somaxconn', '4096\n');
}
