import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type Boxes,
  BoxHolder,
  MasterSecrets,
  SecretBox,
  SecretHolders,
} from '../../platform/crypto/index.js';
import { recoveryPlace } from './recovery-codes.js';
import { totpPlace } from './second-factors.js';

const MEMBER = {
  placeColumn: 'member_id',
  owner: { kind: 'member', table: 'members', column: 'member_id', name: 'o.name' },
} as const;

const BOXES: readonly Boxes[] = [
  {
    name: 'second factors',
    table: 'member_totp',
    column: 'secret',
    ...MEMBER,
    place: totpPlace,
    isInForce: 'b.confirmed_at IS NOT NULL',
    // a step of the clock is half a minute
    lastUse: '(SELECT to_timestamp(s.last_step * 30) FROM totp_steps s WHERE s.member_id = b.member_id)',
  },
  {
    name: 'recovery codes',
    table: 'recovery_codes',
    column: 'sealed',
    ...MEMBER,
    place: recoveryPlace,
    isInForce: 'true',
    // a code that was used is gone
    lastUse: 'NULL::timestamptz',
  },
];

/** Lets a change of the master secret carry second factors and recovery codes over. */
@Injectable()
export class SealedFactors implements OnModuleInit {
  constructor(
    private readonly secrets: MasterSecrets,
    private readonly box: SecretBox,
    private readonly holders: SecretHolders,
  ) {}

  onModuleInit(): void {
    for (const boxes of BOXES) this.holders.register(new BoxHolder(boxes, this.secrets, this.box));
  }
}
