import { readdirSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, type Call, json } from '../support/http-client.js';
import { type Part, multipart } from '../support/multipart.js';
import type { TestApp, TestKey } from '../support/test-app.js';

export interface Media {
  readonly id: string;
  readonly name: string;
  readonly alt: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly frames: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Requests to the media of one store, and a look behind them. */
export class MediaCalls {
  private constructor(
    private readonly app: TestApp,
    readonly key: TestKey,
  ) {}

  static async withNewStore(
    app: TestApp,
    key: Parameters<TestApp['createKey']>[0] = { role: 'read-write' },
  ): Promise<MediaCalls> {
    return new MediaCalls(app, await app.createKey(key));
  }

  call(path: string, options: Call = {}): Promise<Answer> {
    return call(this.app.url, `/api/v1/media${path}`, { token: this.key.token, ...options });
  }

  /** Sends these parts as a form. */
  send(parts: readonly Part[], options: Call = {}): Promise<Answer> {
    const { body, headers } = multipart(parts);
    return this.call('', { method: 'POST', body, ...options, headers: { ...headers, ...options.headers } });
  }

  upload(bytes: Buffer, fileName = 'picture.png', options: Call = {}): Promise<Answer> {
    return this.send([{ name: 'file', fileName, bytes }], options);
  }

  /** One that is taken. */
  async uploaded(bytes: Buffer, fileName?: string, texts: Record<string, string> = {}): Promise<Media> {
    const parts = Object.entries(texts).map(([name, text]): Part => ({ name, bytes: text }));
    const answer = await this.send([...parts, { name: 'file', fileName: fileName ?? 'picture.png', bytes }]);
    if (answer.status !== 201) throw new Error(`The upload was refused: ${answer.status} ${answer.text}`);
    return json<Media>(answer);
  }

  async list(
    query: string,
  ): Promise<{ data: Media[]; pagination: { totalCount: number; nextCursor: string } }> {
    const answer = await this.call(query);
    if (answer.status !== 200) throw new Error(answer.text);
    return json(answer);
  }

  /** Names of the objects in the storage, and of uploads that are under way. */
  objects(): { kept: string[]; incoming: string[] } {
    const { directory } = this.app.config.media;
    const filesOf = (path: string) => {
      try {
        return readdirSync(path, { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => name)
          .sort();
      } catch {
        return [];
      }
    };
    return { kept: filesOf(directory), incoming: filesOf(join(directory, 'incoming')) };
  }

  async objectIdOf({ id }: Pick<Media, 'id'>): Promise<string> {
    const [row] = await this.app.sql<{ id: string }>('SELECT object_id AS id FROM media WHERE id = $1', [
      fromPublicId('media', id),
    ]);
    return row?.id ?? '';
  }

  /** How many rows there are, whosever. */
  async rows(): Promise<number> {
    const [row] = await this.app.sql<{ count: number }>('SELECT count(*)::integer AS count FROM media');
    return row?.count ?? 0;
  }
}

/** What an image is, read from a file: the server's guard on other ways of reading holds here too. */
export async function metadataOf(image: Buffer): Promise<Metadata> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
  const path = join(directory, 'image');
  try {
    writeFileSync(path, image);
    return await sharp(path).metadata();
  } finally {
    rmSync(directory, { recursive: true });
  }
}
