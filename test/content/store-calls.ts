import { fromPublicId, type IdKind } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import type { TestApp, TestKey, TestKeyOptions } from '../support/test-app.js';

const PATIENCE_MS = 20_000;

/** A body, with the fields that tests look into; a test that reads one which is not there fails by what it expects. */
export interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly status: string;
  readonly data: readonly Body[];
  readonly pagination: Pagination;
  readonly error: { readonly code: string; readonly details: Readonly<Record<string, unknown>> };
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly failures: number;
  readonly finishedAt: string | null;
}

export interface Pagination {
  readonly totalCount: number;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string | undefined>;
  readonly body: Body;
}

export interface Call extends PromiseLike<Answer> {
  set(header: string, value: string): Call;
  send(body: string | object): Call;
  expect(status: number): Call;
}

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete';

/** Requests to one store, as one of its keys makes them, and a look behind them. */
export class StoreCalls {
  constructor(
    private readonly app: TestApp,
    readonly key: TestKey,
  ) {}

  /** A store of its own. */
  static async inNewStore(app: TestApp, options: TestKeyOptions = {}): Promise<StoreCalls> {
    return new StoreCalls(app, await app.createKey(options));
  }

  /** The same store, with another role. */
  async as(role: string): Promise<StoreCalls> {
    return new StoreCalls(this.app, await this.app.createKey({ role, storeId: this.key.storeId }));
  }

  call(method: Method, path: string): Call {
    return this.app.request[method](`/api/v1${path}`).set('Authorization', `Bearer ${this.key.token}`);
  }

  async get(path: string, status = 200): Promise<Body> {
    return (await this.call('get', path).expect(status)).body;
  }

  async post(path: string, body: object = {}, status = 201): Promise<Body> {
    return (await this.call('post', path).send(body).expect(status)).body;
  }

  async put(path: string, body: object, status = 200): Promise<Body> {
    return (await this.call('put', path).send(body).expect(status)).body;
  }

  async patch(path: string, body: object, status = 200): Promise<Body> {
    return (await this.call('patch', path).send(body).expect(status)).body;
  }

  async delete(path: string, status = 204): Promise<Body> {
    return (await this.call('delete', path).expect(status)).body;
  }

  /** The post, when every platform has answered that it is published on. */
  async published({ id }: { id: string }): Promise<Body> {
    await this.post(`/posts/${id}/publish`, {}, 202);
    await until(
      'the platforms have answered',
      async () => (await this.get(`/posts/${id}`)).status !== 'PUBLISHING',
      PATIENCE_MS,
    );
    return this.get(`/posts/${id}`);
  }

  /** One field of every item of a list, as the page has them. */
  async column(path: string, field = 'name'): Promise<unknown[]> {
    const { data } = await this.get(path);
    return data.map((item) => item[field]);
  }

  /** The types of the events of one thing, oldest first. */
  async eventsOf({ id }: { id: string }): Promise<string[]> {
    const rows = await this.app.sql<{ type: string }>(
      'SELECT type FROM events WHERE subject_id = $1 ORDER BY id',
      [id],
    );
    return rows.map(({ type }) => type);
  }

  /** The change log of one thing, oldest first. */
  changesOf(
    kind: IdKind,
    { id }: { id: string },
  ): Promise<{ action: string; actor_type: string; actor_id: string }[]> {
    return this.app.sql(
      'SELECT action, actor_type, actor_id FROM change_log WHERE entity_id = $1 ORDER BY id',
      [fromPublicId(kind, id)],
    );
  }
}
