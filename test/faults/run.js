import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// The run works on processes of their own, so everything is built first, into a directory of this run's own.
mkdirSync('.test-build', { recursive: true });
const build = mkdtempSync(join(process.cwd(), '.test-build', 'faults-'));
const swc = join(process.cwd(), 'node_modules/@swc/cli/bin/swc.js');
try {
  const sources = ['src', 'test', 'ormconfig.ts'];
  execFileSync(process.execPath, [swc, ...sources, '--out-dir', build, '--extensions', '.ts', '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { status } = spawnSync(
    process.execPath,
    [join(build, 'test/faults/kill.js'), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, GATEHOUSE_TEST_BUILD: build },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(build, { recursive: true, force: true });
}
