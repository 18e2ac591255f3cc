import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { secretText, signatureHeaders } from '../../src/platform/outbound/index.js';
import { until } from '../faults/until.js';

const SECRET = randomBytes(32);
const EXAMPLES = 'examples/webhooks';

/** How each example is started; PHP's own server says nothing on standard output. */
const LANGUAGES = [
  { language: 'JavaScript', command: process.execPath, args: () => [`${EXAMPLES}/receiver.mjs`] },
  { language: 'Python', command: 'python3', args: () => [`${EXAMPLES}/receiver.py`] },
  { language: 'Ruby', command: 'ruby', args: () => [`${EXAMPLES}/receiver.rb`] },
  {
    language: 'PHP',
    command: 'php',
    args: (port: number) => ['-S', `127.0.0.1:${port}`, `${EXAMPLES}/receiver.php`],
  },
] as const;

const here = LANGUAGES.filter(({ command }) => spawnSync(command, ['--version']).status === 0);
const absent = LANGUAGES.filter((one) => !here.includes(one)).map(({ language }) => language);
if (absent.length > 0) console.warn(`Not on this machine, and so not tried: ${absent.join(', ')}.`);

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a receiver. @returns where it listens, and what it printed */
async function start({
  command,
  args,
}: (typeof LANGUAGES)[number]): Promise<{ url: string; printed: string[] }> {
  const port = await freePort();
  const child = spawn(command, args(port), {
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secretText(SECRET) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => printed.push(line));
  const url = `http://127.0.0.1:${port}/`;
  await until(
    'it listens',
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    20_000,
  );
  return { url, printed };
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly secrets?: readonly Buffer[];
  readonly at?: number;
}

const message = (): Message => {
  const id = toPublicId('event', newUuid());
  return { id, body: JSON.stringify({ id, type: 'campaign.created', subjectId: 'cmp_ü', data: {} }) };
};
async function send(
  url: string,
  { id, body, secrets = [SECRET], at = Date.now() / 1_000 }: Message,
): Promise<number> {
  const headers = signatureHeaders(secrets, id, Math.floor(at), body);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  return answer.status;
}

describe.each(here)('the receiver in $language', (language) => {
  it('takes what is genuine, once, with either of two secrets, and nothing else', async () => {
    const { url, printed } = await start(language);
    const told = () => printed.filter((line) => line.includes('campaign.created cmp_ü')).length;
    const first = message();
    expect(await send(url, first)).toBe(204);
    expect(await send(url, first)).toBe(204);
    await until('it has told of it', () => told() > 0, 5_000);
    expect(await send(url, { ...message(), secrets: [randomBytes(32), SECRET] })).toBe(204);
    await until('it has told of both, each once', () => told() === 2, 5_000);
    const headers = { ...signatureHeaders([SECRET], first.id, Math.floor(Date.now() / 1_000), first.body) };
    const altered = await fetch(url, { method: 'POST', headers, body: `${first.body} ` });
    expect(altered.status).toBe(401);
    expect(await send(url, { ...message(), secrets: [randomBytes(32)] })).toBe(401);
    for (const seconds of [-400, 400]) {
      expect(await send(url, { ...message(), at: Date.now() / 1_000 + seconds })).toBe(401);
    }
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(told()).toBe(2);
  });
});
