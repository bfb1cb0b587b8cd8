import { rmSync } from 'node:fs';

// What was built from sources that are gone would be packed too.
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
