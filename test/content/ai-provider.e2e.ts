import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type AiStandIn, startAiStandIn } from './ai-stand-in.js';
import { type Body, StoreCalls } from './store-calls.js';

let ai: AiStandIn;
let app: TestApp;
let store: StoreCalls;
beforeAll(async () => {
  ai = await startAiStandIn();
  app = await startTestApp({
    runsJobs: true,
    environment: {
      AI_BASE_URL: ai.url,
      AI_API_KEY: 'word-of-the-endpoint',
      AI_MODEL: 'writer',
      AI_IMAGE_MODEL: 'drawer',
      AI_PRICE_INPUT: '0.15',
      AI_PRICE_OUTPUT: '0.6',
      AI_PRICE_IMAGE: '0.04',
    },
  });
});
beforeEach(async () => {
  store = await StoreCalls.inNewStore(app);
  ai.asked.length = 0;
});
afterAll(async () => {
  await app.close();
  await ai.close();
});

const written = (content: string) => ({
  body: { choices: [{ message: { content } }], usage: { prompt_tokens: 100, completion_tokens: 50 } },
});
const order = async (kind: 'copy' | 'images', input: object): Promise<string> =>
  (await store.post(`/${kind}/generate`, input, 202)).id;
const made = async (kind: 'copy' | 'images', input: object): Promise<Body> =>
  store.get(`/jobs/${await order(kind, input)}?wait=30`);

describe('an endpoint that writes', () => {
  it('is told what is wanted, and what it used is recorded with what it wrote', async () => {
    ai.answers = [written('Here you are:\n```json\n["One mug.", "Two mugs.", "One mug."]\n```')];
    const job = await made('copy', { about: 'mugs', language: 'de', count: 3 });
    expect(job).toMatchObject({
      status: 'succeeded',
      result: {
        ...{
          texts: ['One mug.', 'Two mugs.'],
          provider: 'openai-compatible',
          model: 'writer',
          language: 'de',
        },
        usage: { inputTokens: 100, outputTokens: 50, costMicros: 45 },
      },
    });
    const [asked] = ai.asked;
    expect(asked).toMatchObject({ path: '/v1/chat/completions', body: { model: 'writer' } });
    expect(asked?.headers.authorization).toBe('Bearer word-of-the-endpoint');
    const { messages } = asked?.body as { messages: { content: string }[] };
    expect(JSON.parse(messages[1]!.content)).toMatchObject({ about: 'mugs', language: 'de', count: 3 });
  });

  it('is believed in nothing: marks stay text, controls go, and what is too long is left out', async () => {
    const texts = ['<b onclick="x">Mug\u0000\u202e</b>', 'y'.repeat(100), ' \n ', 'Fits.\r\nWell.', 7];
    ai.answers = [written(JSON.stringify(texts))];
    const { result } = await made('copy', { mostCharacters: 60, count: 10 });
    expect((result as Body)['texts']).toEqual(['<b onclick="x">Mug</b>', 'Fits.\nWell.']);
  });

  it('is asked again for what cannot be used, and paid for both', async () => {
    ai.answers = [written('I would rather not.'), written('["At last."]')];
    const id = await order('copy', {});
    await until('a run failed', async () => (await store.get(`/jobs/${id}`)).failures === 1, 20_000);
    expect(await store.get(`/jobs/${id}`)).toMatchObject({ error: { code: 'PROVIDER_ANSWER_UNUSABLE' } });
    await store.post(`/jobs/${id}/cancel`, {}, 200);
    await store.post(`/jobs/${id}/retry`, {}, 200);
    expect(await store.get(`/jobs/${id}?wait=30`)).toMatchObject({
      status: 'succeeded',
      result: { texts: ['At last.'], usage: { inputTokens: 200, outputTokens: 100, costMicros: 90 } },
    });
  });

  it('is asked three times in a run where it is busy, and its words are repeated to nobody', async () => {
    const busy = { status: 503, body: { error: { message: 'no, word-of-the-endpoint' } } };
    ai.answers = [busy, busy, written('["Now."]')];
    expect(await made('copy', {})).toMatchObject({ status: 'succeeded', failures: 0 });
    expect(ai.asked).toHaveLength(3);
    ai.answers = [{ ...busy, status: 401 }];
    const refused = await made('copy', {});
    expect(refused).toMatchObject({
      status: 'failed',
      error: { code: 'PROVIDER_REFUSED', message: 'The provider answered 401.' },
    });
    expect(ai.asked).toHaveLength(4);
    ai.answers = [busy];
    const id = await order('copy', {});
    await until('a run failed', async () => (await store.get(`/jobs/${id}`)).failures === 1, 20_000);
    expect(await store.get(`/jobs/${id}`)).toMatchObject({
      status: 'queued',
      error: { code: 'PROVIDER_UNREACHABLE', message: 'The provider answered 503.' },
    });
  });

  it('is not asked by who wants the built-in one', async () => {
    expect(await made('copy', { provider: 'built-in' })).toMatchObject({
      result: { provider: 'built-in', usage: { inputTokens: null, outputTokens: null, costMicros: null } },
    });
    expect(ai.asked).toEqual([]);
  });
});

describe('an endpoint that draws', () => {
  const drawn = (...files: Buffer[]) => ({
    body: { data: files.map((file) => ({ b64_json: file.toString('base64') })) },
  });
  const picture = () =>
    sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
      .jpeg()
      .toBuffer();

  it('makes media, looked at like any upload', async () => {
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>');
    ai.answers = [drawn(script, await picture(), Buffer.from('%PDF-1.7\n'), Buffer.alloc(0))];
    const job = await made('images', { prompt: 'A mug', count: 4 });
    expect(job).toMatchObject({
      status: 'succeeded',
      result: { provider: 'openai-compatible', model: 'drawer', usage: { costMicros: 120_000 } },
    });
    const ids = (job['result'] as Body)['mediaIds'] as string[];
    expect(ids).toHaveLength(1);
    expect(await store.get(`/media/${ids[0]}`)).toMatchObject({ type: 'image/jpeg', width: 64, height: 48 });
    expect(ai.asked[0]).toMatchObject({
      path: '/v1/images/generations',
      body: { model: 'drawer', n: 4, size: '1024x1024', response_format: 'b64_json' },
    });
  });

  it('leaves nothing where none of it can be used', async () => {
    ai.answers = [drawn(Buffer.from('no image'))];
    const id = await order('images', { prompt: 'A mug' });
    await until('a run failed', async () => (await store.get(`/jobs/${id}`)).failures === 1, 20_000);
    expect(await store.get(`/jobs/${id}`)).toMatchObject({ error: { code: 'PROVIDER_ANSWER_UNUSABLE' } });
    expect(await store.column('/media', 'id')).toEqual([]);
  });
});
