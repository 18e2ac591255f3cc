import { Inject, Injectable } from '@nestjs/common';
import { presentEvent } from '../../events/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { SecretBox } from '../../platform/crypto/index.js';
import { Outbound, signatureHeaders } from '../../platform/outbound/index.js';
import { secretPlace } from '../endpoints/endpoint.entity.js';
import type { ClaimedDelivery, ClaimedEndpoint } from './claim.js';
import { type Attempt, isTaken } from './record-attempt.js';
import { responseText } from './response-text.js';
import { retryAfterSeconds } from './schedule.js';

/** Sends one message, and tells what came of it. */
@Injectable()
export class WebhookSender {
  private readonly outbound: Outbound;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly box: SecretBox,
  ) {
    this.outbound = new Outbound({ allowPrivate: config.webhookAllowPrivate });
  }

  /** Never throws for what the receiver does. @throws BoxBroken where a secret's master secret is not configured */
  async send(endpoint: ClaimedEndpoint, { event, payload }: ClaimedDelivery): Promise<Attempt> {
    const at = new Date();
    const message = payload ?? (event && presentEvent(event));
    if (!message) return failed(at, 0, 'The event is no longer kept.');
    const body = JSON.stringify(message);
    const secrets = endpoint.secrets.map(({ id, sealed }) => this.box.open(sealed, secretPlace(id)));
    const result = await this.outbound.post(
      endpoint.url,
      {
        'content-type': 'application/json',
        'user-agent': 'Gatehouse-Webhooks/1',
        ...signatureHeaders(secrets, message.id, Math.floor(at.getTime() / 1_000), body),
      },
      body,
    );
    if (result.kind === 'failed') return failed(at, result.durationMicros, result.message);
    const { status, durationMicros, retryAfter } = result;
    return {
      at,
      durationMicros,
      status,
      error: isTaken(status) ? null : refusalOf(status),
      responseBody: responseText(result.body),
      retryAfterSeconds: retryAfterSeconds(retryAfter, at),
    };
  }
}

function failed(at: Date, durationMicros: number, error: string): Attempt {
  return { at, durationMicros, status: null, error, responseBody: null, retryAfterSeconds: undefined };
}

function refusalOf(status: number): string {
  if (status === 410) return 'The receiver says that it is gone (410).';
  if (status >= 300 && status < 400) return `A redirect (${status}) is not followed.`;
  return `The receiver answered ${status}.`;
}
