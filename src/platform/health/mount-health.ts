import type { Express, Request, RequestHandler, Response } from 'express';
import type { Metrics } from '../metrics/index.js';
import type { ReadinessReport } from './readiness.js';

export interface HealthSources {
  ready: () => Promise<ReadinessReport>;
  metrics: Pick<Metrics, 'render' | 'contentType'>;
}

/**
 * Mounts `/healthz` (does the process live), `/readyz` (can it serve) and `/metrics` on the bare Express
 * application: these are no API requests, pass no gate and have no row in the log. To be called before anything
 * else is mounted.
 */
export function mountHealth(app: Express, { ready, metrics }: HealthSources): void {
  app.all(
    '/healthz',
    answering((response) => {
      response.json({ status: 'ok' });
    }),
  );
  app.all(
    '/readyz',
    answering(async (response) => {
      const report = await ready();
      response.status(report.status === 'ok' ? 200 : 503).json(report);
    }),
  );
  app.all(
    '/metrics',
    answering(async (response) => {
      const text = await metrics.render();
      response.setHeader('Content-Type', metrics.contentType);
      response.end(text);
    }),
  );
}

/** For GET and HEAD alone; never stored; what goes wrong is answered without its words. */
function answering(answer: (response: Response) => void | Promise<void>): RequestHandler {
  return async (request: Request, response: Response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.status(405).setHeader('Allow', 'GET, HEAD').end();
      return;
    }
    try {
      await answer(response);
    } catch {
      response.status(500).json({ status: 'failed' });
    }
  };
}
