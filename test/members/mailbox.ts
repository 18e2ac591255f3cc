import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A mail server on a port of its own, and what it was given. */
export interface Mailbox {
  /** What an application needs to send to it. */
  readonly environment: Record<string, string>;
  /** Each as it reads, without its soft line breaks. */
  readonly mails: string[];
  close(): Promise<void>;
}

export async function openMailbox(publicUrl: string): Promise<Mailbox> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      void text(stream).then((content) => {
        mails.push(
          content
            .replace(/=\r\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        );
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
      MAIL_FROM: 'gatehouse@example.org',
      PUBLIC_URL: publicUrl,
    },
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
