import { type IncomingMessage, request as requestPlainly, type RequestOptions } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { isIP } from 'node:net';
import { checkedAddresses, resolvingByDns, type ResolveName } from './checked-addresses.js';
import { answering } from './checked-lookup.js';
import { type OutboundFailure, OutboundRefused } from './outbound-refused.js';
import { type Target, targetOf } from './target.js';

const systemDns = resolvingByDns();
const TIMEOUT_MS = 15_000;
/** What is read of the answer to a POST; the rest is left. */
const MOST_ANSWER_BYTES = 8_192;

export interface OutboundOptions {
  /** Lets this machine and private networks through, and plain http to this machine: for development. */
  readonly allowPrivate: boolean;
  /** For name lookup, connection, headers and body together. Default 15 seconds. */
  readonly timeoutMs?: number;
  readonly resolveName?: ResolveName;
}

export type OutboundResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** As it came, as far as it was read. */
      readonly body: Buffer;
      /** Whether that is all of it. */
      readonly whole: boolean;
      /** Where it says that what was asked for is, as it stands there. */
      readonly location: string | undefined;
      readonly retryAfter: string | undefined;
      readonly durationMicros: number;
    }
  | {
      readonly kind: 'failed';
      readonly reason: OutboundFailure;
      /** May be shown to whoever gave the address. */
      readonly message: string;
      readonly durationMicros: number;
    };

/** What is sent, and how much of the answer is read. */
interface Sending {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly mostBytes: number;
}

/**
 * Asks at addresses that customers give. Every address of the name is checked, and the connection goes to one
 * that was; redirects are answers like others, and followed by nobody. A connection is used once, and shared with
 * nobody. Proxy settings of the environment are not heeded: a proxy would resolve the name again.
 */
export class Outbound {
  constructor(private readonly options: OutboundOptions) {}

  /** Sends a body, and reads 8 kB of the answer. Never throws: what went wrong is in the result. */
  post(address: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutboundResult> {
    return this.exchange(address, {
      method: 'POST',
      headers,
      body: Buffer.from(body),
      mostBytes: MOST_ANSWER_BYTES,
    });
  }

  /** Reads what is there, at most so many bytes of it. Never throws: what went wrong is in the result. */
  get(
    address: string,
    headers: Readonly<Record<string, string>>,
    mostBytes: number,
  ): Promise<OutboundResult> {
    return this.exchange(address, { method: 'GET', headers, mostBytes });
  }

  private async exchange(address: string, sending: Sending): Promise<OutboundResult> {
    const begun = process.hrtime.bigint();
    const durationMicros = (): number => Number((process.hrtime.bigint() - begun) / 1_000n);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.options.timeoutMs ?? TIMEOUT_MS);
    try {
      const answer = await this.send(address, sending, deadline.signal);
      return { kind: 'answered', ...answer, durationMicros: durationMicros() };
    } catch (error) {
      const { reason, message } = deadline.signal.aborted
        ? new OutboundRefused('timeout', 'No whole answer came in time.')
        : failureOf(error);
      return { kind: 'failed', reason, message, durationMicros: durationMicros() };
    } finally {
      clearTimeout(timer);
    }
  }

  private async send(
    address: string,
    { method, headers, body, mostBytes }: Sending,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { allowPrivate, resolveName = systemDns } = this.options;
    const target = targetOf(address, allowPrivate);
    const addresses = await unlessAborted(
      signal,
      checkedAddresses(target.hostname, allowPrivate, resolveName),
    );
    const { secure, hostname, port } = target;
    const options: RequestOptions = {
      method,
      // A literal is connected to without a lookup, and was checked as it stands.
      hostname: isIP(hostname) === 0 ? hostname : addresses[0],
      port,
      path: target.path,
      headers: {
        ...headers,
        host: hostHeaderOf(target),
        ...(body ? { 'content-length': body.length } : {}),
      },
      lookup: answering(addresses),
      agent: false,
      signal,
    };
    return new Promise((resolve, reject) => {
      const request = secure
        ? requestSecurely({ ...options, rejectUnauthorized: true })
        : requestPlainly(options);
      // More than one may come: a receiver may answer and hang up before it has read all.
      request.on('error', reject);
      request.once('response', (response) => {
        readAnswer(response, mostBytes).then(resolve, reject);
      });
      request.end(body);
    });
  }
}

type Answer = Omit<OutboundResult & { kind: 'answered' }, 'kind' | 'durationMicros'>;

/** Reads as much of the body as is kept, and hangs up. */
async function readAnswer(response: IncomingMessage, mostBytes: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the response and its connection.
    if (length > mostBytes) break;
  }
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks).subarray(0, mostBytes),
    whole: length <= mostBytes,
    retryAfter: response.headers['retry-after'],
    location: response.headers.location,
  };
}

function hostHeaderOf({ hostname, port, secure }: Target): string {
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
  return port === (secure ? 443 : 80) ? host : `${host}:${port}`;
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** Our words for what Node says: its own name addresses and paths of this machine. */
function failureOf(error: unknown): Pick<OutboundRefused, 'reason' | 'message'> {
  if (error instanceof OutboundRefused) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (/^ERR_(INVALID|HTTP_INVALID|UNESCAPED)/.test(code)) {
    return { reason: 'request_invalid', message: 'The request cannot be sent as it is.' };
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return { reason: 'tls', message: `The certificate or the TLS connection was refused (${code}).` };
  }
  return { reason: 'connection', message: `The connection failed${code === '' ? '' : ` (${code})`}.` };
}
