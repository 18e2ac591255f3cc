import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { MeasuredStores } from '../../content/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { isUnavailable } from '../../platform/database/index.js';
import { AppError, DatabaseUnavailable, NotFound } from '../../platform/errors/index.js';
import {
  answerError,
  answerPublicly,
  clientAddress,
  isOwnOrigin,
  readJsonBody,
} from '../../platform/http/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../platform/ids/index.js';
import { LOGGER, type Logger } from '../../platform/logging/index.js';
import { PageEventIntake } from './page-event-intake.js';
import { PageEventThrottle } from './page-event-throttle.js';

/** It changes with a new version of ours alone. */
const SCRIPT_CACHE = 'public, max-age=3600';
const LARGEST_BODY_BYTES = 16_384;

/**
 * The script of pages that are measured, and where it sends what happens on them: no API requests, with no gate, no
 * quota and no row in the log.
 */
@Injectable()
export class PublicSnippet {
  private readonly script = readFileSync(new URL('./browser/snippet.js', import.meta.url), 'utf8');

  constructor(
    private readonly stores: MeasuredStores,
    private readonly intake: PageEventIntake,
    private readonly throttle: PageEventThrottle,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Mounts `/a.js` and `/a/<store>/events`. To be called before the edge is mounted. */
  mount(app: Express): void {
    app.get('/a.js', (request, response) => {
      response.set('X-Content-Type-Options', 'nosniff');
      answerPublicly(request, response, 'text/javascript', this.script, SCRIPT_CACHE);
    });
    app.post('/a/:store/events', (request, response) => void this.answer(request, response));
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const requestId = toPublicId('request', newUuid());
    response.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
    });
    try {
      await this.take(request, response);
      response.status(204).end();
    } catch (error) {
      answerError(request, response, this.asAppError(error, requestId), requestId);
    }
  }

  /** From the cheapest look at it to the dearest. */
  private async take(request: Request, response: Response): Promise<void> {
    if (!isOwnOrigin(request, this.config.publicUrl)) {
      throw new AppError('ORIGIN_NOT_ALLOWED', 'Events of pages come from pages of this installation alone.');
    }
    await this.throttle.admit(clientAddress(request, this.config.trustProxy !== undefined));
    const storeId = fromPublicId('store', request.params['store']);
    if (storeId === undefined || !(await this.stores.has(storeId))) throw new NotFound('no such store');
    await readJsonBody(request, response, LARGEST_BODY_BYTES);
    await this.intake.take(storeId, request.body);
  }

  private asAppError(error: unknown, requestId: string): AppError {
    if (error instanceof AppError && error.status < 500) return error;
    this.logger.error({ err: error, requestId }, 'events of a page could not be taken');
    if (error instanceof AppError) return error;
    if (isUnavailable(error)) return new DatabaseUnavailable(error);
    return new AppError('INTERNAL_ERROR', 'Something went wrong on our side.');
  }
}
