import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedOfAi {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An endpoint that is spoken to as the OpenAI API is, and answers what a test tells it to. */
export interface AiStandIn {
  readonly url: string;
  readonly asked: AskedOfAi[];
  /** The next answers, one each; the last one again and again. */
  answers: readonly { readonly status?: number; readonly body?: unknown }[];
  close(): Promise<void>;
}

export async function startAiStandIn(): Promise<AiStandIn> {
  const asked: AskedOfAi[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as AskedOfAi['body'];
      asked.push({ path: request.url ?? '', headers: request.headers, body });
      const [next, ...others] = standIn.answers;
      if (others.length > 0) standIn.answers = others;
      response.writeHead(next?.status ?? 200, { 'content-type': 'application/json', 'retry-after-ms': '1' });
      response.end(JSON.stringify(next?.body ?? {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const standIn: AiStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    answers: [],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return standIn;
}
