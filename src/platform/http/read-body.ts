import { json, raw } from 'express';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors/index.js';

type Parser = ReturnType<typeof json>;
const jsonParsers = new Map<number, Parser>();
const rawParsers = new Map<number, Parser>();

/** A request whose client asked to be told before it sends its body (`Expect: 100-continue`). */
const AWAITS_CONTINUE = new WeakSet<IncomingMessage>();

/** Remembers that a client waits for `100 Continue`, which it gets when its body is wanted. */
export function awaitContinue(request: IncomingMessage): void {
  AWAITS_CONTINUE.add(request);
}

/** Tells a client that waits for it that its body is wanted now. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (AWAITS_CONTINUE.has(request)) response.writeContinue();
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
export function readJsonBody(request: Request, response: Response, limit: number): Promise<void> {
  // not strict: a top-level null or number is well-formed JSON, and refused later for what it is
  const make = () => json({ limit, strict: false, type: () => true });
  return read(request, response, limit, parserFor(jsonParsers, limit, make));
}

/**
 * Reads a body of at most `limit` bytes as it came, which is declared as JSON; `parseJson` makes it that.
 * @throws PAYLOAD_TOO_LARGE, REQUEST_ABORTED, UNSUPPORTED_MEDIA_TYPE
 */
export async function readRawBody(request: Request, response: Response, limit: number): Promise<Buffer> {
  const make = () => raw({ limit, type: () => true });
  await read(request, response, limit, parserFor(rawParsers, limit, make));
  const body: unknown = request.body;
  request.body = undefined;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** What JSON bytes say. @throws MALFORMED_JSON */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw malformed(error);
  }
}

async function read(request: Request, response: Response, limit: number, parser: Parser): Promise<void> {
  if (request.is('json') === false) throw unsupported('The body must be declared as application/json.');
  askForBody(request, response);
  await new Promise<void>((resolve, reject) => {
    parser(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(bodyError(error, limit));
    });
  });
}

function parserFor(parsers: Map<number, Parser>, limit: number, make: () => Parser): Parser {
  let parser = parsers.get(limit);
  if (!parser) {
    parser = make();
    parsers.set(limit, parser);
  }
  return parser;
}

function bodyError(error: unknown, limit: number): AppError {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return malformed(error);
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

function malformed(cause: unknown): AppError {
  return new AppError('MALFORMED_JSON', 'The body is not well-formed JSON.', { cause });
}

function unsupported(message: string): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', message);
}
