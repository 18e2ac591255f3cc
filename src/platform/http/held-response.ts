import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ServerResponse as NodeResponse } from 'node:http';
import { AppError, AuditUnavailable } from '../errors/index.js';
import { errorBody } from './error-body.js';
import type { RequestContext } from './request-context.js';

/** What was answered, or is about to be. */
export interface Outcome {
  readonly status: number;
  /** Bytes of the body; null for a stream, whose length is known at its end. */
  readonly responseBytes: number | null;
  /** Milliseconds from arrival to the answer being ready. */
  readonly durationMs: number;
  /** The client had gone before the answer. */
  readonly clientGone: boolean;
}

/** Where outcomes become durable. `done` is called once: without an error when the row is committed. */
export interface OutcomeRecorder {
  record(context: RequestContext, outcome: Outcome, done: (error?: unknown) => void): void;
  /** A stream that began has ended: closes its row. */
  complete(context: RequestContext, outcome: Outcome): void;
}

type Chunk = string | Uint8Array;
type Callback = (error?: Error | null) => void;

interface Hold {
  readonly context: RequestContext;
  readonly recorder: OutcomeRecorder;
  state: 'open' | 'recording' | 'released';
  /** Bytes written before the row was durable; a stream's first ones. */
  pending: [Chunk, BufferEncoding | undefined, Callback | undefined][];
  ended: boolean;
  streaming: boolean;
  bytes: number;
}

const HOLD = Symbol('hold');
interface HeldResponse extends ServerResponse {
  [HOLD]?: Hold;
}

interface PlainResponse {
  writeHead(this: ServerResponse, ...args: unknown[]): ServerResponse;
  write(this: ServerResponse, chunk: Chunk, encoding?: BufferEncoding, callback?: Callback): boolean;
  end(
    this: ServerResponse,
    chunk?: Chunk | null,
    encoding?: BufferEncoding,
    callback?: Callback,
  ): ServerResponse;
  flushHeaders(this: ServerResponse): void;
}
/** What a response does by itself. */
const plain = NodeResponse.prototype as unknown as PlainResponse;

/**
 * Teaches an Express application's responses to wait. The edge owns `writeHead`, `write` and `end`: no byte of
 * a held response leaves before its row of the log is committed. Installed once on the application's response
 * prototype, so that a request costs no closures.
 */
export function installHeldResponses(responsePrototype: object): void {
  Object.assign(responsePrototype, { writeHead, write, end, flushHeaders });
}

/** Holds a response from now on. Without this a response is Express's own. */
export function holdResponse(
  response: ServerResponse,
  context: RequestContext,
  recorder: OutcomeRecorder,
): void {
  (response as HeldResponse)[HOLD] = {
    context,
    recorder,
    state: 'open',
    pending: [],
    ended: false,
    streaming: false,
    bytes: 0,
  };
}

/** Whether the answer has been handed over: its status and headers can no longer change. */
export function isAnswered(response: ServerResponse): boolean {
  const hold = (response as HeldResponse)[HOLD];
  return response.headersSent || (hold !== undefined && hold.state !== 'open');
}

function writeHead(
  this: HeldResponse,
  status: number,
  reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
  headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
): ServerResponse {
  const hold = this[HOLD];
  if (!hold || hold.state === 'released') {
    return plain.writeHead.call(this, ...[status, reason, headers].filter((given) => given !== undefined));
  }
  this.statusCode = status;
  const given = typeof reason === 'string' ? headers : reason;
  if (typeof reason === 'string') this.statusMessage = reason;
  for (const [name, value] of headerPairs(given)) this.setHeader(name, value);
  return this;
}

function write(
  this: HeldResponse,
  chunk: Chunk,
  encoding?: BufferEncoding | Callback,
  callback?: Callback,
): boolean {
  const [codec, done] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, callback];
  const hold = this[HOLD];
  if (!hold) return plain.write.call(this, chunk, codec, done);
  hold.bytes += byteLength(chunk, codec);
  if (hold.state === 'released') return plain.write.call(this, chunk, codec, done);
  hold.streaming = true;
  hold.pending.push([chunk, codec, done]);
  if (hold.state === 'open') startRecording(this, hold);
  return false;
}

function end(
  this: HeldResponse,
  chunk?: Chunk | Callback | null,
  encoding?: BufferEncoding | Callback,
  callback?: Callback,
): ServerResponse {
  const hold = this[HOLD];
  if (typeof chunk === 'function') return this.end(null, 'utf8', chunk);
  const [codec, done] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, callback];
  if (!hold || (hold.state === 'released' && hold.ended)) return plain.end.call(this, chunk, codec, done);
  if (hold.ended) return this;
  hold.ended = true;
  if (chunk !== undefined && chunk !== null) hold.bytes += byteLength(chunk, codec);
  if (hold.state === 'released') {
    plain.end.call(this, chunk, codec, done);
    completeStream(this, hold);
    return this;
  }
  if (chunk !== undefined && chunk !== null) hold.pending.push([chunk, codec, undefined]);
  if (done) this.once('finish', done);
  if (hold.state === 'open') startRecording(this, hold);
  return this;
}

function flushHeaders(this: HeldResponse): void {
  const hold = this[HOLD];
  if (!hold || hold.state === 'released') return plain.flushHeaders.call(this);
  hold.streaming = true;
  if (hold.state === 'open') startRecording(this, hold);
}

function startRecording(response: HeldResponse, hold: Hold): void {
  hold.state = 'recording';
  hold.recorder.record(hold.context, outcomeOf(response, hold), (error) => {
    if (error !== undefined) refuse(response, hold, error);
    else release(response, hold);
  });
}

function release(response: HeldResponse, hold: Hold): void {
  hold.state = 'released';
  if (response.destroyed) return;
  if (hold.ended && !hold.streaming) {
    const [chunk, codec] = hold.pending[0] ?? [];
    plain.end.call(response, chunk, codec);
    return;
  }
  if (!response.headersSent) plain.flushHeaders.call(response);
  for (const [chunk, codec, done] of hold.pending) plain.write.call(response, chunk, codec, done);
  hold.pending = [];
  if (hold.ended) {
    plain.end.call(response);
    completeStream(response, hold);
  } else {
    response.once('close', () => {
      if (hold.ended) return;
      hold.ended = true;
      completeStream(response, hold);
    });
    response.emit('drain');
  }
}

/** The row could not be made durable: the prepared answer is thrown away, a 503 leaves instead. */
function refuse(response: HeldResponse, hold: Hold, cause: unknown): void {
  hold.state = 'released';
  hold.ended = true;
  hold.pending = [];
  if (response.destroyed) return;
  const error =
    cause instanceof AppError
      ? cause
      : new AuditUnavailable(hold.context.handlerStarted ? 'unknown' : false, cause);
  for (const name of response.getHeaderNames()) {
    if (name !== 'x-request-id') response.removeHeader(name);
  }
  const body = JSON.stringify(errorBody(error, hold.context.id));
  response.statusCode = error.status;
  response.statusMessage = '';
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  plain.end.call(response, hold.context.method === 'HEAD' ? undefined : body);
}

function completeStream(response: HeldResponse, hold: Hold): void {
  hold.recorder.complete(hold.context, outcomeOf(response, hold));
}

function outcomeOf(response: HeldResponse, hold: Hold): Outcome {
  return {
    status: response.statusCode,
    responseBytes: hold.streaming && !hold.ended ? null : hold.bytes,
    durationMs: performance.now() - hold.context.startedAt,
    clientGone: response.destroyed || response.socket?.destroyed === true,
  };
}

function byteLength(chunk: Chunk, codec?: BufferEncoding): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, codec) : chunk.byteLength;
}

function* headerPairs(
  headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
): Generator<[string, OutgoingHttpHeader]> {
  if (Array.isArray(headers)) {
    for (let i = 0; i + 1 < headers.length; i += 2) yield [String(headers[i]), headers[i + 1] ?? ''];
    return;
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) yield [name, value];
  }
}
