import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('an idle connection', () => {
  it('is kept longer than the 60 seconds for which proxies and pooled clients keep theirs', async () => {
    const { headers } = await call(app.url, '/healthz');
    const seconds = /timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1];
    expect(Number(seconds)).toBeGreaterThan(60);
  });

  it('is kept as long where it was opened ahead of its first request', () => {
    const { headersTimeout, requestTimeout } = app.app.getHttpServer();
    expect(headersTimeout).toBeGreaterThan(60_000);
    expect(requestTimeout).toBeGreaterThan(headersTimeout);
  });
});
