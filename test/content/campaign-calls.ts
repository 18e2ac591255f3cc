import type { TestApp, TestKey } from '../support/test-app.js';
import { fromPublicId } from '../../src/platform/ids/index.js';

export type Key = TestKey;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Campaign = Record<string, unknown> & { id: string; name: string };

export interface Page {
  data: Campaign[];
  pagination: {
    page: number | null;
    limit: number;
    totalCount: number;
    hasMore: boolean;
    nextCursor: string | null;
  };
}

/** What supertest says of an answer, with a type for the body. */
export interface Answer {
  status: number;
  text: string;
  headers: Record<string, string | undefined>;
  body: Campaign & { error: { code: string; details: Record<string, unknown> } };
}

export interface Call extends PromiseLike<Answer> {
  set(header: string, value: string): Call;
  send(body: string | object): Call;
  expect(status: number): Call;
}

/** The least that makes a campaign. */
export const MINIMAL = { name: 'Spring sale', platform: 'instagram' };

/** A campaign with every field. */
export const WHOLE = {
  name: 'Summer',
  description: 'Two\nlines.',
  status: 'SCHEDULED',
  platform: 'email',
  objective: 'sales',
  budgetCents: 1_000_000_000_000,
  currency: 'EUR',
  startDate: '2026-06-01T00:00:00.001Z',
  endDate: '2026-06-30T23:59:59.999Z',
  tags: ['sun', 'sea'],
};

export const names = (page: Page) => page.data.map(({ name }) => name);

/** Requests to the campaigns of one store, and a look behind them. */
export class CampaignCalls {
  private constructor(
    private readonly app: TestApp,
    readonly key: Key,
  ) {}

  static async withNewStore(app: TestApp): Promise<CampaignCalls> {
    return new CampaignCalls(app, await app.createKey({ role: 'read-write' }));
  }

  call(method: Method, path: string, key: Key = this.key): Call {
    return this.app.request[method](`/api/v1${path}`).set('Authorization', `Bearer ${key.token}`);
  }

  async create(fields: object = {}, key: Key = this.key): Promise<Campaign> {
    const { body } = await this.call('post', '/campaigns', key)
      .send({ ...MINIMAL, ...fields })
      .expect(201);
    return body;
  }

  async list(query: string, key: Key = this.key): Promise<Page> {
    const { body } = await this.call('get', `/campaigns${query}`, key).expect(200);
    return body as unknown as Page;
  }

  /** A key of a store with nothing in it. */
  elsewhere(): Promise<Key> {
    return this.app.createKey({ role: 'read-write' });
  }

  /** The change log of one campaign, oldest first. */
  changesOf({ id }: Campaign): Promise<Record<string, unknown>[]> {
    return this.app.sql(
      `SELECT action, actor_type, request_id, before, after FROM change_log
       WHERE entity = 'campaign' AND entity_id = $1 ORDER BY id`,
      [fromPublicId('campaign', id)],
    );
  }

  /** The events of one campaign, oldest first. */
  eventsOf({ id }: Campaign): Promise<{ type: string; data: Campaign; request_id: string }[]> {
    return this.app.sql('SELECT type, data, request_id FROM events WHERE subject_id = $1 ORDER BY id', [id]);
  }
}
