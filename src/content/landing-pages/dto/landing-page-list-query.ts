import { EnumField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { PAGE_STATUSES, type PageStatus } from '../landing-page.entity.js';

/** Properties of the entity that the list can be ordered by. */
export const PAGE_ORDERS = ['createdAt', 'updatedAt', 'publishedAt', 'title', 'slug'] as const;

export class LandingPageListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: PAGE_STATUSES, optional: true, description: 'Only pages of this status.' })
  status?: PageStatus;

  @EnumField({
    values: PAGE_ORDERS,
    default: 'createdAt',
    description: 'What the list is ordered by. Pages that never were published come last.',
  })
  sortBy!: (typeof PAGE_ORDERS)[number];
}

export class PageVersionListQuery extends ListQuery {
  @EnumField({ values: ['number'], default: 'number', description: 'What the list is ordered by.' })
  sortBy!: 'number';
}
