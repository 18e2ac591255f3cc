import { EnumField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';

/** Properties of the entity that the list can be ordered by. */
export const AUDIENCE_ORDERS = ['createdAt', 'updatedAt', 'name'] as const;

export class AudienceListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: AUDIENCE_ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof AUDIENCE_ORDERS)[number];
}
