import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles some source folders into a directory of the caller's own below the checkout, so that node_modules is
 * found and nobody's build is in the way.
 * @param {string[]} sources folders and files, relative to the checkout
 * @returns {{ directory: string, remove: () => void }}
 */
export function buildInto(sources) {
  mkdirSync('.test-build', { recursive: true });
  const directory = mkdtempSync(join(process.cwd(), '.test-build', 'run-'));
  const swc = join(process.cwd(), 'node_modules/@swc/cli/bin/swc.js');
  execFileSync(
    process.execPath,
    [swc, ...sources, '--out-dir', directory, '--extensions', '.ts', '--copy-files', '--quiet'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
