import { createRequire } from 'node:module';

// It takes for granted that it runs in a browser, but needs no more of one than this.
globalThis.navigator ??= { language: 'en-US', languages: ['en-US'] };

/** Grafana's own library of data frames, units, mappings and transformations (its ES modules do not load in Node.js 20). */
export const grafana = createRequire(import.meta.url)('@grafana/data');

globalThis.window = { __grafanaSceneContext: {} };
