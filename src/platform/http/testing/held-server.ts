import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Request, Response } from 'express';
import { newUuid } from '../../ids/index.js';
import { holdResponse, installHeldResponses, type Outcome, type OutcomeRecorder } from '../held-response.js';
import { RequestContext } from '../request-context.js';

class HeldServerResponse<T extends IncomingMessage = IncomingMessage> extends ServerResponse<T> {}
installHeldResponses(HeldServerResponse.prototype);

/** A row that waits: the test says when, and whether, it is durable. */
export interface WaitingRow {
  readonly context: RequestContext;
  readonly outcome: Outcome;
  done(error?: unknown): void;
}

/** A recorder in the test's own hands. */
export class HandRecorder implements OutcomeRecorder {
  readonly rows: WaitingRow[] = [];
  readonly completions: Outcome[] = [];
  private listeners: (() => void)[] = [];

  record(context: RequestContext, outcome: Outcome, done: (error?: unknown) => void): void {
    this.rows.push({ context, outcome, done });
    this.tell();
  }

  complete(_context: RequestContext, outcome: Outcome): void {
    this.completions.push(outcome);
    this.tell();
  }

  /** Waits for the only row. */
  async row(): Promise<WaitingRow> {
    await this.until(() => this.rows.length > 0);
    const [row] = this.rows;
    if (!row || this.rows.length > 1) throw new Error(`There are ${this.rows.length} rows.`);
    return row;
  }

  /** Waits for the only completion of a stream. */
  async completion(): Promise<Outcome> {
    await this.until(() => this.completions.length > 0);
    const [completion] = this.completions;
    if (!completion || this.completions.length > 1) throw new Error('A stream is completed once.');
    return completion;
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.listeners.push(resolve));
  }

  private tell(): void {
    for (const listener of this.listeners.splice(0)) listener();
  }
}

export type Handler = (response: ServerResponse, context: RequestContext) => void;

/** A real server whose every response is held. */
export class HeldServer {
  readonly recorder = new HandRecorder();
  /** The response to the request before, for a look behind it. */
  response: ServerResponse | undefined;

  private constructor(private readonly server: Server) {}

  static async start(handler: Handler): Promise<HeldServer> {
    const server = createServer({ ServerResponse: HeldServerResponse });
    const held = new HeldServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      held.response = response;
      const context = new RequestContext(
        newUuid(),
        Date.now(),
        '127.0.0.1',
        request as Request,
        response as Response,
        request.url ?? '/',
        null,
      );
      response.setHeader('X-Request-Id', context.id);
      holdResponse(response, context, held.recorder);
      handler(response, context);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return held;
  }

  /** Sends one request, and settles with everything that was answered once the connection has ended. */
  ask(method = 'GET'): { socket: Socket; answer: Promise<string> } {
    const socket = connect((this.server.address() as AddressInfo).port, '127.0.0.1');
    const answer = new Promise<string>((resolve, reject) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      socket.on('error', reject).on('close', () => resolve(text));
    });
    socket.write(`${method} / HTTP/1.1\r\nHost: held\r\nConnection: close\r\n\r\n`);
    return { socket, answer };
  }

  /** Bytes of the response that have left, or are on their way. */
  get bytesSent(): number {
    return this.response?.socket?.bytesWritten ?? 0;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Lets everything happen that can happen without the test doing something. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** An answer taken apart; header names in lower case, `date` left out. */
export function parts(answer: string): { status: string; headers: Record<string, string>; body: string } {
  const end = answer.indexOf('\r\n\r\n');
  const [status = '', ...lines] = answer.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  });
  return {
    status,
    headers: Object.fromEntries(headers.filter(([name]) => name !== 'date' && name !== 'connection')),
    body: answer.slice(end + 4),
  };
}
