import { text } from 'node:stream/consumers';
import {
  ExposedToken,
  isWellFormedToken,
  LeakReports,
  LeaksService,
  ListLeaksQuery,
  previewOf,
} from '../keys/index.js';
import { Database } from '../platform/database/index.js';
import { readInput, readInputList } from '../platform/http/input/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { facts, table, when } from './format.js';
import { storeNamed } from './stores.js';
import { withApplication } from './with-application.js';

export interface ListLeaksOptions extends CommonOptions {
  readonly store?: string;
  readonly page: string;
  readonly limit: string;
}

export interface ReportLeaksOptions extends CommonOptions {
  readonly url?: string;
  readonly source?: string;
}

const MOST_TOKENS = 1_000;

/** `gatehouse leaks list` */
export function listLeaks({ store: publicId, page, limit }: ListLeaksOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const store = publicId === undefined ? undefined : await storeNamed(app.get(Database).manager, publicId);
    const query = readInput(ListLeaksQuery, { page, limit }, 'query');
    const found = await app.get(LeakReports).list(query, store?.id);
    const rows = found.data.map((report) => [
      when(report.createdAt),
      report.keyId,
      report.keyName,
      report.preview,
      report.action,
      report.url ?? '',
    ]);
    const { totalCount } = found.pagination;
    const count = totalCount === 1 ? '1 report.' : `${totalCount} reports in all.`;
    return {
      document: found,
      text:
        rows.length === 0
          ? 'No token was reported.'
          : `${table(['REPORTED', 'KEY', 'NAME', 'TOKEN', 'ACTION', 'WHERE'], rows)}\n\n${count}`,
    };
  });
}

/** `gatehouse leaks report`: what the API does with a scanner's report. */
export async function reportLeaks({ url, source }: ReportLeaksOptions): Promise<Answer> {
  const tokens = (await text(process.stdin)).split(/\r?\n/).filter((line) => line !== '');
  const given = tokens.map((token) => ({ token, type: 'reported by hand', url, source }));
  const found = readInputList(ExposedToken, given, { maxItems: MOST_TOKENS });
  return withApplication(async (app) => {
    const feedback = await app.get(LeaksService).report(found);
    const rows = feedback.map(({ label }, index) => [
      String(index + 1),
      shown(tokens[index] ?? ''),
      label === 'true_positive' ? 'a key’s; see "gatehouse leaks list"' : 'no key has it',
    ]);
    return { document: { data: feedback }, text: table(['LINE', 'TOKEN', 'IS'], rows) };
  });
}

/** `gatehouse tokens check` */
export async function checkToken(): Promise<Answer> {
  const token = (await text(process.stdin)).trim();
  return withApplication(async (app) => {
    const wellFormed = isWellFormedToken(token);
    const found = wellFormed ? await app.get(LeaksService).find(token) : undefined;
    const document = {
      wellFormed,
      standing: found?.standing ?? 'unknown',
      keyId: found ? toPublicId('key', found.keyId) : null,
      keyName: found?.keyName ?? null,
      storeId: found ? toPublicId('store', found.storeId) : null,
    };
    return {
      document,
      text: facts([
        ['Token', wellFormed ? shown(token) : 'not of the published form, or its checksum is wrong'],
        ['Standing', document.standing],
        ['Key', found ? `${document.keyId}, "${found.keyName}"` : 'none'],
        ['Store', found ? `${document.storeId}, "${found.storeName}"` : 'none'],
      ]),
    };
  });
}

/** Never the token itself; nor what is none, which may be another secret. */
function shown(token: string): string {
  return isWellFormedToken(token) ? previewOf(token) : '…';
}
