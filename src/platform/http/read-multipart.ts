import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import type { Request, Response } from 'express';
import createParser, { type Busboy } from 'busboy';
import { AppError, InvalidInput } from '../errors/index.js';
import { shortened } from './input/input-shape.js';
import { askForBody, hasBody } from './read-body.js';

/** What lies around a file: boundaries, headers of parts, texts. */
const FRAME_BYTES = 65_536;
const MOST_TEXT_BYTES = 16_384;
const MOST_PARTS = 20;

export interface MultipartForm<T extends object> {
  /** The part that is the file; there must be one. */
  readonly file: string;
  /** The largest file that is taken, in bytes. */
  readonly limit: number;
  /** Parts that are texts, each at most once. */
  readonly texts: readonly string[];
  /** Reads the file to its end, as it comes; rejects when the bytes do, with nothing left behind. */
  readonly receive: (bytes: Readable) => Promise<T>;
  /** Puts away what was received, where what came after it was wrong. */
  readonly discard: (file: T) => Promise<void>;
}

export interface ReadForm<T extends object> {
  readonly texts: Record<string, string>;
  /** As its sender calls it, without a path; undefined where he does not. */
  readonly fileName: string | undefined;
  readonly file: T;
}

/**
 * Reads a multipart/form-data body (RFC 7578) with one file in it, which streams through and is never held whole.
 * @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ABORTED, InvalidInput naming the part; what `receive` throws
 */
export async function readMultipart<T extends object>(
  request: Request,
  response: Response,
  form: MultipartForm<T>,
): Promise<ReadForm<T>> {
  if (!/^multipart\/form-data\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be declared as multipart/form-data.');
  }
  if (!hasBody(request)) throw fault(form.file, 'is required');
  if (Number(request.headers['content-length'] ?? 0) > form.limit + FRAME_BYTES) throw tooLarge(form.limit);
  if (request.destroyed) throw aborted();
  const parser = parserOf(request, form.limit);
  askForBody(request, response);
  return new Reading(request, parser, form).done;
}

/** One body under way. The first thing that goes wrong ends it: the rest of the body is let by unread. */
class Reading<T extends object> {
  readonly done: Promise<ReadForm<T>>;
  private readonly texts: Record<string, string> = {};
  private fileName: string | undefined;
  private receiving: Promise<T> | undefined;
  private failure: unknown;

  constructor(
    request: IncomingMessage,
    private readonly parser: Busboy,
    private readonly form: MultipartForm<T>,
  ) {
    const counted = countTo(form.limit + FRAME_BYTES, () => this.fail(tooLarge(form.limit)));
    const gone = () => this.fail(aborted());
    parser
      .on('file', (name, bytes, { filename }) => this.takeFile(name, bytes, filename))
      .on('field', (name, text, { valueTruncated }) => this.takeText(name, text, valueTruncated))
      .on('partsLimit', () => this.fail(fault('body', 'has too many parts')))
      .on('error', () =>
        this.fail(fault('body', 'is not well-formed multipart/form-data, or ends too early')),
      );
    this.done = new Promise<void>((resolve) => {
      parser.once('close', resolve);
      request.once('aborted', gone).once('error', gone);
      request.pipe(counted).pipe(parser);
    })
      .then(() => this.result())
      .finally(() => {
        request.off('aborted', gone).off('error', gone);
        request.unpipe(counted);
        // Else what is left of it would keep the connection from its next request.
        request.resume();
        request.on('error', () => undefined);
      });
  }

  private takeFile(name: string | undefined, bytes: Readable, fileName: string | undefined): void {
    bytes.on('error', () => undefined);
    if (name !== this.form.file)
      return this.fail(fault(nameOf(name), this.reasonFor(name, 'must be a text')));
    if (this.receiving) return this.fail(fault(name, 'must be one file'));
    this.fileName = fileName;
    bytes.once('limit', () => this.fail(tooLarge(this.form.limit)));
    this.receiving = this.form.receive(bytes);
    this.receiving.catch((error: unknown) => this.fail(error));
  }

  private takeText(name: string | undefined, text: string, truncated: boolean): void {
    if (name === this.form.file) return this.fail(fault(name, 'must be a file'));
    if (name === undefined || !this.form.texts.includes(name)) {
      return this.fail(fault(nameOf(name), this.reasonFor(name, '')));
    }
    if (name in this.texts) return this.fail(fault(name, 'must be given once'));
    if (truncated) return this.fail(fault(name, 'is too long'));
    this.texts[name] = text;
  }

  private reasonFor(name: string | undefined, known: string): string {
    return name !== undefined && this.form.texts.includes(name) ? known : 'is not a known part';
  }

  private fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.parser.destroy(new Error('The body is not read any further.'));
  }

  private async result(): Promise<ReadForm<T>> {
    if (this.failure === undefined && !this.receiving) this.failure = fault(this.form.file, 'is required');
    try {
      const file = await this.receiving;
      if (this.failure === undefined && file !== undefined) {
        return { texts: this.texts, fileName: this.fileName, file };
      }
      if (file !== undefined) await this.form.discard(file);
    } catch (error) {
      this.failure ??= error;
    }
    throw this.failure;
  }
}

function parserOf({ headers }: Request, limit: number): Busboy {
  try {
    return createParser({
      headers,
      // Browsers write names of files as they are, in UTF-8 (WHATWG, multipart/form-data encoding).
      defParamCharset: 'utf8',
      limits: { fileSize: limit + 1, fieldSize: MOST_TEXT_BYTES, parts: MOST_PARTS, headerPairs: 50 },
    });
  } catch {
    throw fault('Content-Type', 'has no usable boundary');
  }
}

/** Lets bytes by, and tells when there were too many: also of those that belong to no part. */
function countTo(most: number, exceeded: () => void): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      seen += chunk.byteLength;
      if (seen > most) exceeded();
      callback(null, seen > most ? undefined : chunk);
    },
  });
}

function nameOf(name: string | undefined): string {
  return name === undefined || name === '' ? 'body' : shortened(name);
}

function fault(field: string, reason: string): InvalidInput {
  return new InvalidInput([{ field, reason }]);
}

function aborted(): AppError {
  return new AppError('REQUEST_ABORTED', 'The body ended before its announced length.');
}

function tooLarge(limit: number): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The file is larger than ${limit} bytes.`, {
    details: { limitBytes: limit },
  });
}
