import { toPublicId, toPublicIdOrNull } from '../../../platform/ids/index.js';
import type { ErasureResponse } from './dto.js';
import type { Erasure } from './erasure.entity.js';

export function presentErasure(erasure: Erasure): ErasureResponse {
  return {
    id: toPublicId('erasure', erasure.id),
    status: erasure.doneAt ? 'done' : 'waiting',
    memberId: toPublicIdOrNull('member', erasure.memberId),
    keyId: toPublicIdOrNull('key', erasure.keyId),
    ipDigest: erasure.addressDigest?.toString('hex') ?? null,
    before: erasure.before.toISOString(),
    reason: erasure.reason,
    requestedBy: actorName(erasure),
    rowsErased: erasure.rowsErased,
    changesErased: erasure.changesErased,
    rowsHeld: erasure.rowsHeld,
    createdAt: erasure.createdAt.toISOString(),
    doneAt: erasure.doneAt?.toISOString() ?? null,
  };
}

function actorName({ actorType, actorId }: Erasure): string {
  return actorType === 'member' || actorType === 'key' ? toPublicId(actorType, actorId) : actorId;
}
