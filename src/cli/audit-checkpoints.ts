import {
  Checkpoints,
  ListCheckpointsQuery,
  presentSigningKey,
  SigningKeys,
  signingKeys,
} from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { pageFoot } from './audit-texts.js';
import { table, when } from './format.js';
import { given } from './given.js';
import { withApplication } from './with-application.js';

export interface CheckpointsOptions extends CommonOptions {
  readonly limit?: string;
  readonly cursor?: string;
}

/** `gatehouse audit checkpoints` */
export function listCheckpoints({ limit, cursor }: CheckpointsOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const query = readInput(ListCheckpointsQuery, given({ limit, cursor }), 'query');
    const found = await app.get(Checkpoints).page(query, true);
    const rows = found.data.map(({ no, sealedAt, logSize, root, signingKey, published }) => [
      `${no}`,
      when(sealedAt),
      `${logSize}`,
      root,
      signingKey,
      published.map(({ place }) => place).join(', '),
    ]);
    const titles = ['NO', 'SEALED', 'SIZE', 'ROOT', 'SIGNED BY', 'PUBLISHED TO'];
    const text =
      rows.length === 0 ? 'There are none.' : `${table(titles, rows)}\n\n${pageFoot(found.pagination)}`;
    return { document: found, text };
  });
}

/** `gatehouse audit keys` */
export function listSigningKeys(): Promise<Answer> {
  return withApplication(async (app) => {
    const data = (await signingKeys(app.get(Database))).map(presentSigningKey);
    const rows = data.map(({ id, createdAt, endorsedBy, publicKey }) => [
      id,
      when(createdAt),
      endorsedBy ?? '',
      publicKey,
    ]);
    const text =
      rows.length === 0
        ? 'Nothing was signed yet.'
        : table(['ID', 'MADE', 'ENDORSED BY', 'PUBLIC KEY'], rows);
    return { document: { data }, text };
  });
}

/** `gatehouse audit rotate-key` */
export function rotateSigningKey(): Promise<Answer> {
  return withApplication(async (app) => {
    const id = await app.get(SigningKeys).rotate();
    const all = await signingKeys(app.get(Database));
    const document = all.filter((key) => key.id === id).map(presentSigningKey)[0] ?? { id };
    const words = `${id} signs from now on; processes that serve take it up within seconds.`;
    return { document, text: words };
  });
}
