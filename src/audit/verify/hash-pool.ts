import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type HashedLines, hashLines } from './hashed-lines.js';

const NEWLINE = 10;
/** Chunks that a thread has before it, so that it need not wait. */
const AHEAD = 4;
/** Absent where the sources run as they are written, uncompiled: then this thread hashes. */
const WORKER = new URL('./hash-worker.js', import.meta.url);

/**
 * Cuts a stream of bytes into whole lines and hashes the rows among them on all processors, some chunks at a time.
 * @returns what was hashed, in the order of the stream
 */
export async function* hashedLinesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<HashedLines> {
  if (!existsSync(WORKER)) {
    for await (const lines of wholeLinesOf(chunks)) yield hashLines(lines);
    return;
  }
  const threads = Array.from({ length: availableParallelism() }, () => new HashThread());
  const underWay: Promise<HashedLines>[] = [];
  try {
    let next = 0;
    for await (const lines of wholeLinesOf(chunks)) {
      const thread = threads[next++ % threads.length];
      if (thread) underWay.push(thread.hash(lines));
      const first = underWay[0];
      if (first && underWay.length >= threads.length * AHEAD) {
        yield await first;
        void underWay.shift();
      }
    }
    for (const rest of underWay) yield await rest;
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

/** One thread, which answers in the order in which it is asked. */
class HashThread {
  private readonly worker = new Worker(WORKER);
  private readonly waiting: PromiseWithResolvers<HashedLines>[] = [];

  constructor() {
    this.worker.on('message', (hashed: HashedLines) => this.waiting.shift()?.resolve(hashed));
    this.worker.on('error', (error) => {
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
  }

  hash(lines: Uint8Array<ArrayBuffer>): Promise<HashedLines> {
    const answer = Promise.withResolvers<HashedLines>();
    // Whoever reads the stream may stop before this one's turn has come.
    answer.promise.catch(() => undefined);
    this.waiting.push(answer);
    this.worker.postMessage(lines, [lines.buffer]);
    return answer.promise;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Chunks of the stream's bytes, each in memory of its own, cut behind a line. */
async function* wholeLinesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const lines = new Uint8Array(rest.length + end);
    lines.set(rest);
    lines.set(chunk.subarray(0, end), rest.length);
    yield lines;
    rest = Buffer.from(chunk.subarray(end));
  }
  if (rest.length > 0) yield new Uint8Array(rest);
}
