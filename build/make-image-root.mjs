// Makes the root of the image: Node with the libraries it loads, the program, and nothing else: no shell, no package manager.
// Takes the directory to make it in; is run where the program is built, with production dependencies only.
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('Usage: node build/make-image-root.mjs DIRECTORY');
const project = fileURLToPath(new URL('..', import.meta.url));

function copy(from, to) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  cpSync(from, join(root, to), { recursive: true, dereference: true });
}

copy(process.execPath, '/usr/local/bin/node');
// What this very process has loaded. The vDSO has no path, it comes from the kernel.
for (const library of process.report.getReport().sharedObjects.filter((path) => path.startsWith('/'))) {
  copy(library, library);
}
for (const name of ['package.json', 'LICENSE', 'node_modules', 'dist']) copy(join(project, name), join('/app', name));

mkdirSync(join(root, 'etc'));
writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/none\nnobody:x:65534:65534:nobody:/:/none\n');
writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');

// A new volume takes its mode from here: whoever runs the image may save state, root without capabilities and nobody alike.
mkdirSync(join(root, 'state'));
chmodSync(join(root, 'state'), 0o777);
