import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BoxHolder, MasterSecrets, SecretBox, SecretHolders } from '../../platform/crypto/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { secretText } from '../../platform/outbound/index.js';
import { secretPlace, WebhookSecret } from './endpoint.entity.js';

const SECRET_BYTES = 32;
/** For so long an old secret signs beside the new one. */
const OVERLAP_HOURS = 24;

/** What messages are signed with. Kept so that it can be opened, under the master secret, and shown once. */
@Injectable()
export class EndpointSecrets implements OnModuleInit {
  constructor(
    private readonly box: SecretBox,
    private readonly masters: MasterSecrets,
    private readonly holders: SecretHolders,
  ) {}

  /** A change of the master secret carries them over. */
  onModuleInit(): void {
    const boxes = {
      table: 'webhook_secrets',
      column: 'sealed',
      name: 'webhook secrets',
      placeColumn: 'id',
      place: secretPlace,
      owner: { kind: 'webhook', table: 'webhook_endpoints', column: 'endpoint_id', name: 'o.url' },
      isInForce: '(b.ends_at IS NULL OR b.ends_at > clock_timestamp())',
      lastUse:
        '(SELECT h.last_success_at FROM webhook_endpoint_health h WHERE h.endpoint_id = b.endpoint_id)',
    } as const;
    this.holders.register(new BoxHolder(boxes, this.masters, this.box));
  }

  /** Makes an endpoint's (UUID) first secret, or its next. @returns its text, which is kept nowhere */
  async make(tx: Transaction, endpointId: string): Promise<string> {
    const [id, secret] = [newUuid(), randomBytes(SECRET_BYTES)];
    await tx.insert(WebhookSecret, {
      id,
      endpointId,
      sealed: this.box.seal(secret, secretPlace(id)),
      endsAt: null,
    });
    return secretText(secret);
  }

  /**
   * Makes the next one. The one before it goes on signing for a day, and those before that end now, so that there are
   * two at most.
   */
  async rotate(tx: Transaction, endpointId: string): Promise<{ secret: string; oldSecretEndsAt: Date }> {
    await tx.query(
      `UPDATE webhook_secrets SET ends_at = clock_timestamp()
       WHERE endpoint_id = $1 AND ends_at > clock_timestamp()`,
      [endpointId],
    );
    const [rows] = await tx.query<[{ endsAt: Date }[], number]>(
      `UPDATE webhook_secrets SET ends_at = clock_timestamp() + interval '${OVERLAP_HOURS} hours'
       WHERE endpoint_id = $1 AND ends_at IS NULL RETURNING ends_at AS "endsAt"`,
      [endpointId],
    );
    const [old] = rows;
    if (!old) throw new Error(`The webhook endpoint ${endpointId} has no secret.`);
    return { secret: await this.make(tx, endpointId), oldSecretEndsAt: old.endsAt };
  }
}
