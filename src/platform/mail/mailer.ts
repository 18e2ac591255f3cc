import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { CONFIG, type Config } from '../config/index.js';

/** How long a mail server may keep us waiting, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** A file that goes with a mail. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** A mail, in plain text. */
export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for every try, so that a mail server or reader may know a mail that comes twice. */
  readonly id?: string;
  readonly attachments?: readonly Attachment[];
}

/**
 * Sends mail through the SMTP server of `SMTP_URL`. Called from jobs, which try again: a request never waits for a
 * mail server.
 */
@Injectable()
export class Mailer {
  private readonly transport: Transporter | undefined;

  constructor(@Inject(CONFIG) config: Config) {
    if (config.smtpUrl === undefined) return;
    this.transport = createTransport(
      {
        url: config.smtpUrl,
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from: config.mailFrom },
    );
  }

  /** Whether a mail server is configured; without one, whoever would mail a link hands it out otherwise. */
  get enabled(): boolean {
    return this.transport !== undefined;
  }

  /** @throws what the mail server or the way to it reports, and Error where none is configured */
  async send({ to, subject, text, id, attachments = [] }: Mail): Promise<void> {
    if (!this.transport) throw new Error('No mail server is configured.');
    // as an object, so that no address is read as a list of them
    await this.transport.sendMail({
      ...{ to: { name: '', address: to }, subject, text },
      ...(id !== undefined && { messageId: `<${id}@gatehouse>` }),
      attachments: attachments.map(({ name, type, content }) => ({
        filename: name,
        contentType: type,
        content,
      })),
    });
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
