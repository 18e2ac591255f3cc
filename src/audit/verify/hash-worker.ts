import { parentPort } from 'node:worker_threads';
import { hashLines } from './hashed-lines.js';

// A thread that hashes what it is given, and hands it back. See hash-pool.ts.
parentPort?.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
  const hashed = hashLines(bytes);
  const transfer = [hashed.bytes.buffer, hashed.fields.buffer, hashed.leaves.buffer];
  parentPort?.postMessage(hashed, transfer);
});
