import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { startTestApp, type TestApp } from '../support/test-app.js';

// openapi.json becomes a client in TypeScript by somebody else's generator; programs that use it (lives/) pass the
// type check, and do what they mean to.

/** They are programs of their own: this one is checked before there is a client. */
interface Life {
  readonly live: (access: { origin: string; token: string; storeId: string }) => Promise<void>;
}

let app: TestApp;
beforeAll(async () => {
  [app] = await Promise.all([
    startTestApp({ runsJobs: true }),
    promisify(execFile)(process.execPath, ['tools/client.mjs']),
  ]);
});
afterAll(() => app.close());

describe('a client generated from the API document', () => {
  it('passes the type check, and so does what is written with it', () => {
    expect(faultsOf(join(import.meta.dirname, 'tsconfig.json'))).toEqual([]);
  });

  it.each(['post', 'campaign', 'plan', 'job', 'media', 'copy', 'account', 'audience', 'page'])(
    'lives with: %s',
    async (name) => {
      const { token, storeId } = await app.createKey();
      const { live } = (await import(`./lives/${name}.js`)) as Life;
      await live({ origin: app.url, token, storeId });
    },
  );
});

/** What the compiler has against a project. */
function faultsOf(configFile: string): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(configFile, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
  const faults = [...(config?.errors ?? []), ...ts.getPreEmitDiagnostics(program)];
  return faults.map(
    ({ file, start, messageText }) =>
      `${file?.fileName}:${start}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}
