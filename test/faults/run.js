import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildInto } from '../../tools/build-into.js';

// The run works on processes of their own, so everything is built first, into a directory of this run's own.
const build = buildInto(['src', 'test', 'ormconfig.ts']);
try {
  const { status } = spawnSync(
    process.execPath,
    [join(build.directory, 'test/faults/kill.js'), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, GATEHOUSE_TEST_BUILD: build.directory },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  build.remove();
}
