import {
  Eraser,
  ErasureInput,
  type ErasureResponse,
  ErasuresService,
  ListErasuresQuery,
  presentErasure,
} from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { organizationNamed } from './find.js';
import { facts, table, when } from './format.js';
import { given, pageText } from './given.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface EraseOptions extends CommonOptions {
  readonly member?: string;
  readonly key?: string;
  readonly address?: string;
  readonly before?: string;
  readonly reason: string;
  readonly organization?: string;
  readonly yes?: boolean;
}

export interface ListErasuresOptions extends CommonOptions {
  readonly organization?: string;
  readonly page: string;
  readonly limit: string;
}

/** `gatehouse audit erase`: at once, in this process; the server goes on with what it must leave. */
export async function erasePersonalData(options: EraseOptions): Promise<Answer> {
  const { member: memberId, key: keyId, address: ip, before, reason, organization: publicId } = options;
  const input = readInput(ErasureInput, given({ memberId, keyId, ip, before, reason }), 'body');
  if (!options.yes) await confirm('What is erased cannot be brought back. Go on?', options.json);
  return withApplication(async (app) => {
    const database = app.get(Database);
    const organization =
      publicId === undefined ? undefined : await organizationNamed(database.manager, publicId);
    const by = { actor: CLI_ACTOR, organizationId: organization?.id ?? null };
    const eraser = app.get(Eraser);
    const { id } = await database.write({ actor: CLI_ACTOR, reason: input.reason }, async (tx) => {
      const erasure = await app.get(ErasuresService).create(tx, input, by);
      await eraser.enqueue(tx, { id: erasure.id, ip });
      return erasure;
    });
    await eraser.run({ id, ip });
    const erasure = presentErasure(await app.get(ErasuresService).get(id));
    return { document: erasure, text: erasureText(erasure) };
  });
}

/** `gatehouse audit erasures` */
export function listErasures({ organization: publicId, page, limit }: ListErasuresOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const organization = publicId === undefined ? undefined : await organizationNamed(manager, publicId);
    const query = readInput(ListErasuresQuery, { page, limit }, 'query');
    const found = await app.get(ErasuresService).list(query, organization?.id);
    const rows = found.data.map((erasure) => [
      when(erasure.createdAt),
      erasure.status,
      whose(erasure),
      `${erasure.rowsErased + erasure.changesErased}`,
      `${erasure.rowsHeld ?? ''}`,
      erasure.requestedBy,
      erasure.reason,
    ]);
    return {
      document: found,
      text:
        rows.length === 0
          ? 'Nothing was erased.'
          : `${table(['ASKED FOR', 'STATUS', 'OF', 'ERASED', 'HELD', 'BY', 'WHY'], rows)}\n\n${pageText('erasure', found)}`,
    };
  });
}

function whose({ memberId, keyId, ipDigest }: ErasureResponse): string {
  return memberId ?? keyId ?? `address ${(ipDigest ?? '').slice(0, 12)}…`;
}

function erasureText(erasure: ErasureResponse): string {
  const words = facts([
    ['Erasure', erasure.id],
    ['Of', whose(erasure)],
    ['Before', erasure.before],
    ['Requests erased', `${erasure.rowsErased}`],
    ['Changes erased', `${erasure.changesErased}`],
    ['Left, held', `${erasure.rowsHeld ?? '?'}`],
  ]);
  return erasure.status === 'done'
    ? words
    : `${words}\n\nSome changes are not sealed yet: the server does the rest when they are.`;
}
