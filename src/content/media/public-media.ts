import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { AppError } from '../../platform/errors/index.js';
import { headOf } from '../../platform/http/object-head.js';
import { PUBLIC_CACHE } from '../../platform/http/index.js';
import { fromPublicId } from '../../platform/ids/index.js';
import { LOGGER, type Logger } from '../../platform/logging/index.js';
import { MediaBytes } from './media-bytes.js';
import { kindOf, THUMBNAIL_SIZES } from './media-types.js';
import { describedAs, originalOf, type SentFile } from './sent-file.js';
import { ShownMediaQueries } from './shown-media.js';

/** The media of published posts and pages, for everybody: no API requests, with no gate and no row in the log. */
@Injectable()
export class PublicMedia {
  constructor(
    private readonly shown: ShownMediaQueries,
    private readonly bytes: MediaBytes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Mounts `/media/<id>` for GET and HEAD. To be called before the edge is mounted. */
  mount(app: Express): void {
    app.all('/media/:id', (request, response) => void this.answer(request, response));
  }

  private async answer(request: Request, response: Response): Promise<void> {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Access-Control-Allow-Origin': '*' });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.status(405).set('Allow', 'GET, HEAD').type('text').end('This can only be read.\n');
      return;
    }
    try {
      const file = await this.find(request);
      if (file) await this.send(request, response, file);
      else refuse(response, 404, 'There is no such file.');
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof AppError && error.status < 500) {
        refuse(response.set(error.headers ?? {}), error.status, error.message);
      } else {
        this.logger.warn({ err: error }, 'a file could not be shown');
        refuse(response.set('Retry-After', '5'), 503, 'This file cannot be shown now.');
      }
    }
  }

  /** What is absent, what is not published and what has no such thumbnail are not told apart. */
  private async find({ params, query }: Request): Promise<SentFile | undefined> {
    const id = fromPublicId('media', params['id']);
    const row = id === undefined ? undefined : await this.shown.published(id);
    if (!row || query['size'] === undefined) return row && originalOf(row);
    const size = THUMBNAIL_SIZES.find((each) => String(each) === query['size']);
    return size && kindOf(row.type) === 'image' ? this.bytes.thumbnailOf(row, size) : undefined;
  }

  private async send(request: Request, response: Response, file: SentFile): Promise<void> {
    const { status, headers, content, range } = headOf(
      request,
      describedAs(file, ['image', 'video']),
      PUBLIC_CACHE,
    );
    const stream =
      content && request.method === 'GET' ? await this.bytes.open(file.object, range) : undefined;
    response.status(status).set(headers);
    if (content) {
      response.setHeader('Content-Type', content.type);
      response.setHeader('Content-Length', content.length);
      response.setHeader('Content-Disposition', content.disposition);
    }
    if (!stream) {
      response.end();
      return;
    }
    // Whoever asked may leave before the end.
    await pipeline(stream, response).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'a file was not sent to its end');
    });
  }
}

function refuse(response: Response, status: number, text: string): void {
  response.status(status).set('Cache-Control', 'no-store').type('text').end(`${text}\n`);
}
