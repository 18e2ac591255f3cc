import type { FirstStart } from './first-start.js';

/** What is printed once the server listens. Secrets are shown on the first start alone. */
export function banner(address: string, first: FirstStart | undefined, dataNote: string): string {
  const lines = ['', `  Gatehouse is listening on ${address}`, ''];
  lines.push(`  API document   ${address}/docs/api`, `  Data           ${dataNote}`, '');
  if (first) {
    lines.push('  Shown now and never again:', '');
    lines.push(`  Sign in        ${first.adminEmail}   ${first.adminPassword}`);
    if (first.keys) {
      lines.push(`  Live key       ${first.keys.live}`, `  Test key       ${first.keys.test}`, '');
      lines.push('  Try it:', '');
      lines.push(`  curl -H "Authorization: Bearer ${first.keys.live}" ${address}/api/v1/campaigns`);
    } else {
      lines.push('', '  Make a key:    npx gatehouse keys create --name "My first key" --role read-only');
    }
  } else {
    lines.push('  Keys and passwords were shown on the first start. A new key:');
    lines.push('  npx gatehouse keys create --name "Another key" --role read-only');
  }
  lines.push('');
  return lines.join('\n');
}
