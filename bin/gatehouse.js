#!/usr/bin/env node
// The `gatehouse` command, from what is built. Plain JavaScript that an old Node can read as well.
import { existsSync } from 'node:fs';

const built = (file) => new URL(`../dist/src/${file}`, import.meta.url);

if (existsSync(built('cli.js'))) {
  await import(built('platform/runtime/require-node.js').href);
  await import(built('cli.js').href);
} else {
  console.error('gatehouse: nothing is built yet; run "npm run build" first.');
  process.exitCode = 1;
}
