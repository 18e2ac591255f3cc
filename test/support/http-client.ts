import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
}

/** What to send; `headers` are sent as they are written. */
export interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or a buffer as it stands. */
  readonly body?: unknown;
  readonly agent?: Agent;
  /** Told as soon as the status line and headers are there. */
  readonly onHead?: (status: number, headers: IncomingHttpHeaders) => void;
}

/** How long nothing may come: a test that hangs should say what it waits for. */
const SILENCE_MS = 60_000;

const SHARED = new Agent({ keepAlive: true, maxSockets: 64 });

/** The part of an error's body that every error has. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly requestId: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/**
 * One HTTP request, written as it is told: neither path nor headers are mended on the way.
 * @throws what the socket reports
 */
export function call(origin: string, path: string, options: Call = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const headers: Record<string, string | number> = { ...options.headers };
  if (options.token !== undefined) headers['Authorization'] = `Bearer ${options.token}`;
  const body = bodyOf(options.body);
  if (body !== undefined) {
    if (!hasHeader(headers, 'content-type')) headers['Content-Type'] = 'application/json';
    const isFramed = hasHeader(headers, 'content-length') || hasHeader(headers, 'transfer-encoding');
    if (!isFramed) headers['Content-Length'] = body.byteLength;
  }
  return new Promise((resolve, reject) => {
    const agent = options.agent ?? SHARED;
    const outgoing = request({ hostname, port, path, method: options.method ?? 'GET', headers, agent });
    outgoing.setTimeout(SILENCE_MS, () => {
      outgoing.destroy(new Error(`${outgoing.method} ${path.slice(0, 200)} had no answer for a minute`));
    });
    let answered = false;
    outgoing.on('error', (error) => {
      // A server that refuses a body may close before all of it was sent.
      if (!answered) reject(error);
    });
    outgoing.on('response', (incoming) => {
      answered = true;
      options.onHead?.(incoming.statusCode ?? 0, incoming.headers);
      const chunks: Buffer[] = [];
      const settle = () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString(),
          bytes: Buffer.concat(chunks),
        });
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        // Events have no end: the first of them is the answer.
        if (!incoming.headers['content-type']?.startsWith('text/event-stream')) return;
        settle();
        incoming.destroy();
      });
      incoming.on('error', reject);
      incoming.on('end', settle);
    });
    outgoing.end(body);
  });
}

/** The body of an answer. @throws SyntaxError where it is not JSON */
export function json<T>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

/** The code of a refusal; `null` for what is none. */
export function codeOf(answer: Answer): string | null {
  return answer.status < 400 ? null : json<ErrorAnswer>(answer).error.code;
}

function bodyOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function hasHeader(headers: Record<string, unknown>, name: string): boolean {
  return Object.keys(headers).some((key) => key.toLowerCase() === name);
}
