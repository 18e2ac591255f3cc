import { templateOf } from '../dist/src/gate/openapi/index.js';
import { offlineApplication } from './offline-application.mjs';

const HEAD = ['method', 'path', 'operationId', 'resource', 'level', 'idempotent', 'free'];

const { routes } = await offlineApplication();
const rows = routes
  .filter(({ method }) => method !== 'ALL')
  .map(({ method, path, operationId, declaration }) => [
    method,
    templateOf(path),
    operationId,
    declaration.resource ?? '-',
    declaration.public ? 'public' : declaration.level,
    declaration.idempotent ? 'yes' : 'no',
    declaration.free ? 'yes' : 'no',
  ]);
const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
for (const row of [HEAD, widths.map((width) => '-'.repeat(width)), ...rows]) {
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
