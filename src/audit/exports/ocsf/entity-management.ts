import type { ChangeResponse } from '../../search/change.response.js';
import { known, ocsfKind, ocsfMetadata, ocsfUser } from './ocsf.js';

const ENTITY_MANAGEMENT = {
  class_uid: 3004,
  class_name: 'Entity Management',
  category_uid: 3,
  category_name: 'Identity & Access Management',
} as const;

const ACTIVITIES: Readonly<Record<string, readonly [number, string]>> = {
  insert: [1, 'Create'],
  update: [3, 'Update'],
  delete: [4, 'Delete'],
};

/** A change as an event of OCSF's class Entity Management: `entity` is as it was, `entity_result` as it became. */
export function ocsfChange(row: ChangeResponse): object {
  const { before, after } = row;
  return {
    ...ocsfKind(ENTITY_MANAGEMENT, ACTIVITIES[row.action] ?? [99, row.action]),
    time: Date.parse(row.at),
    status_id: 1,
    status: 'Success',
    ...known({ comment: row.reason }),
    // the actor is the profile's
    metadata: {
      ...ocsfMetadata('changes', row.id, row.organizationId, ['host']),
      ...known({ correlation_uid: row.requestId }),
    },
    actor: { user: ocsfUser(row.actor.type, row.actor.id) },
    entity: entityOf(row, before ?? after),
    ...(before !== null && after !== null && { entity_result: entityOf(row, after) }),
    unmapped: known({ store_id: row.storeId }),
  };
}

/** What OCSF numbers among the kinds of entities is told in its words too. */
function entityOf({ entity, entityId }: ChangeResponse, data: ChangeResponse['after']): object {
  const uid = entityId ?? entity;
  const name = typeof data?.['name'] === 'string' ? data['name'] : null;
  const common = { uid, ...known({ name, data }) };
  if (entity === 'member') {
    return { ...common, type_id: 2, type: 'User', user: ocsfUser('member', uid, known({ name })) };
  }
  if (entity === 'organization') {
    return { ...common, type_id: 4, type: 'Organization', org: { uid, ...known({ name }) } };
  }
  return { ...common, type_id: 99, type: entity };
}
