import { appendFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Place } from './place.js';

/** A file, to which each checkpoint is appended as a line, and flushed. */
export function filePlace(path: string): Place {
  return {
    kind: 'file',
    name: `file://${hostname()}${path}`,
    publish: ({ line }) => appendFile(path, `${line}\n`, { flush: true }),
  };
}
