// Builds the sources and the benchmarks, then runs those that are asked for, or all:
// npm run bench [-- analytics|audit|events|gate|quota|webhooks] [--rounds N] [--seconds N] [--rows N] [--events N] [--json FILE]
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildInto } from '../tools/build-into.js';

const build = buildInto(['src', 'bench', 'test/support', 'ormconfig.ts']);
try {
  const { main } = await import(pathToFileURL(join(build.directory, 'bench/main.js')).href);
  await main(process.argv.slice(2));
} finally {
  build.remove();
}
