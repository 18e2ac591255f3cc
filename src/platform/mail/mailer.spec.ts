import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { loadConfig } from '../config/index.js';
import { Mailer } from './mailer.js';

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
});

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly content: string;
}

/** A mail server on a port of its own, and what it was given. */
async function mailServer(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      void text(stream).then((content) => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          content,
        });
        done();
      });
    },
  });
  servers.push(server);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return { url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`, received };
}

const mailerFor = (url?: string) =>
  new Mailer(
    loadConfig(
      url === undefined
        ? {}
        : { SMTP_URL: url, MAIL_FROM: 'gatehouse@example.com', PUBLIC_URL: 'https://gate.example.com' },
    ),
  );

describe('Mailer', () => {
  it('hands a mail to the configured server', async () => {
    const { url, received } = await mailServer();
    const mailer = mailerFor(url);
    expect(mailer.enabled).toBe(true);
    await mailer.send({ to: 'ada@example.com', subject: 'Hello', text: 'One line.\n' });
    mailer.onApplicationShutdown();
    expect(received).toMatchObject([{ from: 'gatehouse@example.com', to: ['ada@example.com'] }]);
    expect(received[0]?.content).toContain('Subject: Hello');
    expect(received[0]?.content).toContain('One line.');
  });

  it('takes no text for further addresses', async () => {
    const { url, received } = await mailServer();
    const mailer = mailerFor(url);
    await mailer
      .send({ to: 'ada@example.com, eve@example.com', subject: 'Hello', text: '' })
      .catch(() => undefined);
    mailer.onApplicationShutdown();
    expect(received.flatMap(({ to }) => to)).not.toContain('eve@example.com');
  });

  it('says that it has no server, where none is configured', async () => {
    const mailer = mailerFor();
    expect(mailer.enabled).toBe(false);
    await expect(mailer.send({ to: 'ada@example.com', subject: '', text: '' })).rejects.toThrow(
      'No mail server',
    );
  });
});
