import { presentRequest, TailQuery, Tails } from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Answer } from './answer.js';
import { filterOf, scopeFor } from './audit-filter.js';
import type { SearchOptions } from './audit-search.js';
import { requestLine } from './audit-texts.js';
import { CommandError } from './errors.js';
import { withApplication } from './with-application.js';

/** `gatehouse audit tail`: a line for each request, as it comes; with `--json` a document each. */
export function tailRequests(options: SearchOptions, write: (text: string) => void): Promise<Answer> {
  const most = mostOf(options.limit);
  return withApplication(async (app) => {
    const filter = readInput(TailQuery, filterOf(options), 'query');
    const events = await app
      .get(Tails)
      .ofOperator(filter, await scopeFor(app.get(Database).manager, options));
    let told = 0;
    for await (const { row } of events) {
      if (!row) continue;
      const request = presentRequest(row);
      write(`${options.json ? JSON.stringify(request) : requestLine(request)}\n`);
      if (++told >= most) break;
    }
    return { document: { told }, text: `${told} told.` };
  });
}

function mostOf(limit: string | undefined): number {
  if (limit === undefined) return Infinity;
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw new CommandError('INVALID_INPUT', '--limit must be a whole number.');
  return Number(limit);
}
