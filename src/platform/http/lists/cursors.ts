import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../crypto/index.js';
import { InvalidInput } from '../../errors/index.js';

/** Where a page ended: the value of the property the list is ordered by, and the row's id, which breaks ties. */
export interface Position {
  readonly value: string | number | null;
  /** UUID, or the digits of a number. */
  readonly id: string;
}

/** 128 bits of the signature are enough for what is refused or accepted at once. */
const SIGNATURE_BYTES = 16;

/**
 * Signs positions into opaque cursors. A cursor holds for the list it came from, with the same filters and
 * order, and cannot be made by anybody else.
 */
@Injectable()
export class Cursors {
  constructor(private readonly secrets: MasterSecrets) {}

  /** @param scope everything the cursor is bound to, as one text */
  sign(scope: string, { value, id }: Position): string {
    const payload = Buffer.from(JSON.stringify([value, id])).toString('base64url');
    return `${payload}.${signatureOf(this.secrets.digest('cursor', signed(scope, payload)))}`;
  }

  /** @throws InvalidInput for a cursor that was changed, or belongs to another list, filter or order */
  read(scope: string, cursor: string): Position {
    const dot = cursor.indexOf('.');
    const payload = cursor.slice(0, Math.max(dot, 0));
    const signature = cursor.slice(dot + 1);
    const genuine = this.secrets
      .digests('cursor', signed(scope, payload))
      .some((digest) => sameText(signatureOf(digest), signature));
    if (dot < 0 || !genuine) {
      throw new InvalidInput([
        { field: 'cursor', reason: 'does not belong to this list with these filters and this order' },
      ]);
    }
    const [value, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
      Position['value'],
      string,
    ];
    return { value, id };
  }
}

const signed = (scope: string, payload: string) => `${scope}\n${payload}`;

const signatureOf = (digest: Buffer) => digest.toString('base64url', 0, SIGNATURE_BYTES);

/** As text: the last character of base64url has bits that decoding would overlook. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
