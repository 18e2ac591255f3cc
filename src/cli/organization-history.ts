import { PlanHistory, type PlanHistoryEntryResponse, PlanHistoryQuery } from '../members/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { organizationNamed } from './find.js';
import { table, when } from './format.js';
import { pageText } from './given.js';
import { withApplication } from './with-application.js';

export interface HistoryOptions extends CommonOptions {
  readonly page: string;
  readonly limit: string;
}

/** `gatehouse organizations history` */
export function organizationHistory(publicId: string, { page, limit }: HistoryOptions): Promise<Answer> {
  const query = readInput(PlanHistoryQuery, { page, limit }, 'query');
  return withApplication(async (app) => {
    const { id } = await organizationNamed(app.get(Database).manager, publicId);
    const found = await app.get(PlanHistory).page(id, query, { isOperator: true });
    const now = new Date();
    const rows = found.data.map((entry) => [when(entry.at, now), actorText(entry), changeText(entry)]);
    if (rows.length === 0) return { document: found, text: 'There is no such page.' };
    const columns = table(['AT', 'BY', 'CHANGE'], rows);
    return { document: found, text: `${columns}\n\n${pageText('change', found)}` };
  });
}

function actorText({ actor: { type, id, name } }: PlanHistoryEntryResponse): string {
  return name === null ? `${type} ${id}` : `${type} ${name} (${id})`;
}

function changeText({ plan, status, limits }: PlanHistoryEntryResponse): string {
  const changes = { plan, status, ...limits };
  return Object.entries(changes)
    .flatMap(([what, change]) =>
      change ? [`${what} ${change.from ?? 'none'} → ${change.to ?? 'none'}`] : [],
    )
    .join(', ');
}
