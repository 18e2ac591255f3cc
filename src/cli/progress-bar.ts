import type { CommonOptions } from './answer.js';

const WIDTH = 30;
const EVERY_MS = 100;

/** How far a long command has come, on the terminal alone. */
export interface ProgressBar {
  readonly at: (done: number) => void;
  /** Leaves nothing of it behind. */
  readonly end: () => void;
}

const NONE: ProgressBar = { at: () => undefined, end: () => undefined };

/**
 * A bar on the standard error, where that is a terminal and people read.
 * @param total undefined where nobody knows: then only what is done is counted
 */
export function progressBar(total: number | undefined, unit: string, { json }: CommonOptions): ProgressBar {
  const { stderr } = process;
  if (json || !stderr.isTTY) return NONE;
  let shown = 0;
  return {
    at: (done) => {
      const now = performance.now();
      if (now - shown < EVERY_MS) return;
      shown = now;
      stderr.write(`\r${line(done, total, unit)}\u001b[K`);
    },
    end: () => stderr.write('\r\u001b[K'),
  };
}

function line(done: number, total: number | undefined, unit: string): string {
  if (total === undefined || total === 0) return `${done} ${unit}`;
  const share = Math.min(1, done / total);
  const full = Math.round(share * WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.floor(share * 100)} % of ${total} ${unit}`;
}
