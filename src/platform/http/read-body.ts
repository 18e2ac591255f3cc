import { json } from 'express';
import type { Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/index.js';

type JsonParser = ReturnType<typeof json>;
const parsers = new Map<number, JsonParser>();

/** A request whose client asked to be told before it sends its body (`Expect: 100-continue`). */
const AWAITS_CONTINUE = new WeakSet<IncomingMessage>();

/** Remembers that a client waits for `100 Continue`, which it gets when its body is wanted. */
export function awaitContinue(request: IncomingMessage): void {
  AWAITS_CONTINUE.add(request);
}

/** Whether a request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Reads a JSON body of at most `limit` bytes into `request.body`.
 * @throws MALFORMED_JSON, PAYLOAD_TOO_LARGE, REQUEST_ABORTED, UNSUPPORTED_MEDIA_TYPE
 */
export async function readJsonBody(request: Request, response: Response, limit: number): Promise<void> {
  if (request.is('json') === false) throw unsupported('The body must be declared as application/json.');
  if (AWAITS_CONTINUE.has(request)) response.writeContinue();
  await new Promise<void>((resolve, reject) => {
    parserFor(limit)(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(bodyError(error, limit));
    });
  });
}

function parserFor(limit: number): JsonParser {
  let parser = parsers.get(limit);
  if (!parser) {
    // not strict: a top-level null or number is well-formed JSON, and refused later for what it is
    parser = json({ limit, strict: false, type: () => true });
    parsers.set(limit, parser);
  }
  return parser;
}

function bodyError(error: unknown, limit: number): AppError {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return new AppError('MALFORMED_JSON', 'The body is not well-formed JSON.', { cause: error });
    case 'entity.too.large':
      return new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`, {
        details: { limitBytes: limit },
      });
    case 'request.aborted':
      return new AppError('REQUEST_ABORTED', 'The body ended before its announced length.');
    case 'request.size.invalid':
      return new AppError('REQUEST_ABORTED', 'The body is not as long as announced.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return unsupported('The body’s encoding or character set is not supported.');
    default:
      // what decompression or the socket reports: the body cannot be read
      return new AppError('MALFORMED_JSON', 'The body cannot be read.', { cause: error });
  }
}

function unsupported(message: string): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', message);
}
