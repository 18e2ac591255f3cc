import { PDF } from '../content/media-files.js';
import type { Body, StoreCalls } from '../content/store-calls.js';
import { multipart } from '../support/multipart.js';

/** A list of content: where it is, what it can be ordered by, and how its nth item is made. */
export interface ListUnderTest {
  readonly path: string;
  readonly orders: readonly string[];
  readonly make: (api: StoreCalls, no: number) => Promise<Body>;
  /** It is made, and then changed: whoever walks the list meanwhile may meet it before and after. */
  readonly inSteps?: boolean;
}

const posted = (path: string, orders: readonly string[], body: (no: number) => object): ListUnderTest => ({
  path,
  orders,
  make: (api, no) => api.post(path, body(no)),
});

let made = 0;

/** Each with values that several items share, and where there can be, items without one. */
export const LISTS: readonly ListUnderTest[] = [
  posted('/campaigns', ['createdAt', 'updatedAt', 'name', 'startDate', 'endDate', 'status'], (no) => ({
    name: `n${no % 3}`,
    platform: 'email',
    status: no % 2 ? 'DRAFT' : 'ACTIVE',
    ...(no % 4 ? { startDate: `2026-01-0${1 + (no % 3)}T00:00:00Z` } : {}),
  })),
  posted('/products', ['createdAt', 'updatedAt', 'name', 'sku', 'priceMinor', 'stock'], (no) => ({
    sku: `${(no * 7) % 100}-${no}`,
    name: `n${no % 3}`,
    priceMinor: no % 4,
    currency: 'EUR',
    stock: no % 3 ? no % 5 : null,
  })),
  posted('/posts', ['createdAt', 'updatedAt', 'scheduledFor', 'publishedAt', 'status', 'title'], (no) => ({
    caption: 'Words.',
    platforms: ['feed'],
    title: `n${no % 3}`,
    ...(no % 3 ? { status: 'SCHEDULED', scheduledFor: `2099-01-0${1 + (no % 4)}T00:00:00Z` } : {}),
  })),
  posted('/audiences', ['createdAt', 'updatedAt', 'name'], (no) => ({ name: `n${no % 3}` })),
  posted('/landing-pages', ['createdAt', 'updatedAt', 'publishedAt', 'title', 'slug'], (no) => {
    made += 1;
    return { slug: `p${no % 3}-${made}`, title: `n${no % 3}`, blocks: [] };
  }),
  posted('/content-plans', ['createdAt', 'updatedAt', 'name', 'startDate', 'endDate', 'status'], (no) => ({
    name: `n${no % 3}`,
    startDate: `2026-01-0${1 + (no % 3)}`,
    endDate: `2026-02-0${1 + (no % 4)}`,
    goals: ['sales'],
    platforms: ['feed'],
    items: [{ scheduledFor: '2026-01-05T08:00:00Z', platforms: ['feed'], caption: 'Words.' }],
  })),
  {
    path: '/social-accounts',
    orders: ['createdAt', 'updatedAt', 'name', 'platform', 'status'],
    make: connected,
    inSteps: true,
  },
  {
    path: '/media',
    orders: ['createdAt', 'updatedAt', 'name', 'bytes'],
    make: uploaded,
  },
  {
    path: '/jobs',
    orders: ['createdAt', 'updatedAt', 'finishedAt', 'status', 'type'],
    make: ordered,
    inSteps: true,
  },
];

/** A network has one connected account at a time. Of these one stays, */
const CONNECTED = ['linkedin', 'tiktok', 'twitter'];
/** and here it goes again; as many as are made at once. */
const DISCONNECTED = ['facebook', 'instagram', 'pinterest', 'youtube'];

async function connected(api: StoreCalls, no: number): Promise<Body> {
  const stays = CONNECTED[no - 1];
  const platform = stays ?? DISCONNECTED[no % DISCONNECTED.length];
  const fields = {
    platform,
    name: `n${no % 3}`,
    url: 'https://publisher.example.com/',
  };
  const account = await api.post('/social-accounts', fields);
  return stays ? account : api.post(`/social-accounts/${account.id}/disconnect`, {}, 200);
}

async function uploaded(api: StoreCalls, no: number): Promise<Body> {
  const bytes = Buffer.concat([PDF, Buffer.alloc(no % 4, '\n')]);
  const { body, headers } = multipart([{ name: 'file', fileName: `n${no % 3}.pdf`, bytes }]);
  const upload = api.call('post', '/media').set('Content-Type', headers['Content-Type'] ?? '');
  return (await upload.send(body).expect(201)).body;
}

/** A job that waits, since none is done here; every third is cancelled, and has its end by that. */
async function ordered(api: StoreCalls, no: number): Promise<Body> {
  const type = no % 2 ? 'products.import' : 'posts.import';
  const job = await api.post('/jobs', { type, input: { format: 'json', content: '[]' } }, 202);
  return no % 3 ? job : api.post(`/jobs/${job.id}/cancel`, {}, 200);
}
