import { type BulkKeysResponse, OperatorKeysService } from '../keys/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Store } from '../tenants/index.js';
import type { Answer } from './answer.js';
import { confirm } from './confirm.js';
import { filterBody, given, type KeyFilterOptions, numberIn } from './key-options.js';
import { bulkText } from './key-views.js';
import { storeNamed } from './stores.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface BulkOptions extends KeyFilterOptions {
  readonly store: string;
  readonly id?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

type Work = (tx: Transaction, store: Store, dryRun: boolean) => Promise<BulkKeysResponse>;

/** `gatehouse keys bulk-revoke` */
export function bulkRevokeKeys(options: BulkOptions & { readonly reason?: string }): Promise<Answer> {
  const { reason } = options;
  const body = given<unknown>({ filter: filterBody(options), reason });
  return bulk(
    'Revoke',
    options,
    reason ?? 'gatehouse keys bulk-revoke',
    (keys) => (tx, store, dryRun) => keys.bulkRevoke(tx, store, { ...body, dryRun }),
  );
}

/** `gatehouse keys bulk-rotate` */
export function bulkRotateKeys(options: BulkOptions & { readonly grace?: string }): Promise<Answer> {
  const body = given<unknown>({ filter: filterBody(options), graceSeconds: numberIn(options.grace) });
  return bulk(
    'Rotate',
    options,
    'gatehouse keys bulk-rotate',
    (keys) => (tx, store, dryRun) => keys.bulkRotate(tx, store, { ...body, dryRun }),
  );
}

/** `gatehouse keys bulk-extend` */
export function bulkExtendKeys(
  options: BulkOptions & { readonly expiresIn?: string; readonly expiresAt?: string },
): Promise<Answer> {
  const { expiresIn, expiresAt } = options;
  const body = given<unknown>({ filter: filterBody(options), expiresIn, expiresAt });
  return bulk(
    'Extend',
    options,
    'gatehouse keys bulk-extend',
    (keys) => (tx, store, dryRun) => keys.bulkExtend(tx, store, { ...body, dryRun }),
  );
}

/** Looks first what would happen, asks, and does it. */
function bulk(
  verb: string,
  { store: publicId, dryRun, yes, json }: BulkOptions,
  reason: string,
  workWith: (keys: OperatorKeysService) => Work,
): Promise<Answer> {
  return withApplication(async (app) => {
    const database = app.get(Database);
    const work = workWith(app.get(OperatorKeysService));
    const run = (dry: boolean) =>
      database.write({ actor: CLI_ACTOR, reason }, async (tx) =>
        work(tx, await storeNamed(tx, publicId), dry),
      );
    if (dryRun || !yes) {
      const planned = await run(true);
      if (dryRun) return answerOf(planned);
      const touched = planned.results.filter(({ outcome }) => outcome !== 'refused').length;
      if (touched === 0) return answerOf(planned);
      await confirm(
        `${bulkText(planned)}\n\n${verb} ${touched === 1 ? 'this key' : `these ${touched} keys`}?`,
        json,
      );
    }
    return answerOf(await run(false));
  });
}

function answerOf(done: BulkKeysResponse): Answer {
  return { document: done, text: bulkText(done) };
}
