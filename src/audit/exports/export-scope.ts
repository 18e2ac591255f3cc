import { InvalidInput } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/http/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { ChangeFilter } from '../search/change-filter.js';
import { changeConditions } from '../search/change-search.js';
import { type LogScope, logScopeOf } from '../search/log-reader.js';
import { requestConditions } from '../search/request-conditions.js';
import { RequestFilter } from '../search/request-filter.js';
import { withinField } from '../search/within-field.js';
import type { ExportLog } from './audit-export.entities.js';

/**
 * Whose rows some filters ask for, when the search of that log would take them.
 * @throws InvalidInput, each fault named `filters.<name>`; PERMISSION_DENIED
 */
export function exportScope(
  principal: Principal,
  log: ExportLog,
  filters: Readonly<Record<string, string>>,
): LogScope {
  return withinField('filters', () => {
    const filter = readInput(log === 'requests' ? RequestFilter : ChangeFilter, filters, 'query');
    const scope = logScopeOf(principal, filter.organizationId);
    if (filter.from && filter.to && filter.to < filter.from) {
      throw new InvalidInput([{ field: 'to', reason: 'must not be before from' }]);
    }
    if (filter instanceof RequestFilter) requestConditions(filter, scope);
    else changeConditions(filter, scope);
    return scope;
  });
}
