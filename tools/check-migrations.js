// Fails where the migrations and the entities have drifted apart: npm run migration:check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildInto } from './build-into.js';

const build = buildInto(['src', 'test/support', 'ormconfig.ts']);
try {
  const { drift } = await import(pathToFileURL(join(build.directory, 'test/support/check-drift.js')).href);
  const statements = await drift();
  if (statements.length > 0) {
    console.error(
      `The entities want what no migration makes:\n${statements.map((s) => `  ${s}`).join('\n')}`,
    );
    process.exitCode = 1;
  } else {
    console.log('Migrations and entities agree.');
  }
} finally {
  build.remove();
}
