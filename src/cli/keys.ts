import { type Key, OperatorKeysService } from '../keys/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { CommandError } from './errors.js';
import { when } from './format.js';
import {
  fieldsBody,
  filterQuery,
  given,
  type KeyFieldOptions,
  type KeyFilterOptions,
  numberIn,
} from './key-options.js';
import { keyDetails, keysText, keyText, tokenText } from './key-views.js';
import { storeForKey, storeNamed } from './stores.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface CreateKeyOptions extends KeyFieldOptions {
  readonly store?: string;
  readonly sandbox?: boolean;
}

export interface ListKeysOptions extends KeyFilterOptions {
  readonly store?: string;
  readonly status?: string;
  readonly page: string;
  readonly limit: string;
}

/** `gatehouse keys create` */
export function createKey(options: CreateKeyOptions): Promise<Answer> {
  const body = fieldsBody(options);
  return changing('gatehouse keys create', async (tx, keys) => {
    const store = await storeForKey(tx, options);
    const key = await keys.create(tx, store, body, CLI_ACTOR);
    return {
      document: key,
      text: `Created for the store "${store.name}":\n\n${keyText(key)}\n\n${tokenText(key.token)}`,
    };
  });
}

/** `gatehouse keys list` */
export function listKeys(options: ListKeysOptions): Promise<Answer> {
  const { store: publicId, status, page, limit } = options;
  return withApplication(async (app) => {
    const store = publicId === undefined ? undefined : await storeNamed(app.get(Database).manager, publicId);
    const filter = { ...filterQuery(options), ...given({ status }) };
    const found = await app.get(OperatorKeysService).list({ page, limit, ...filter }, store);
    const filtered = publicId !== undefined || Object.keys(filter).length > 0;
    return { document: found, text: keysText(found, filtered) };
  });
}

/** `gatehouse keys show` */
export function showKey(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const keys = app.get(OperatorKeysService);
    const key = await app
      .get(Database)
      .dataSource.transaction(async (tx) => keys.show(tx, await keyNamed(tx, keys, publicId)));
    return { document: key, text: keyDetails(key) };
  });
}

/** `gatehouse keys update` */
export function updateKey(publicId: string, options: KeyFieldOptions): Promise<Answer> {
  const body = fieldsBody(options);
  if (Object.keys(body).length === 0) {
    throw new CommandError('USAGE', 'Say what is to change, e.g. --name "Another name".');
  }
  return changing('gatehouse keys update', async (tx, keys) => {
    const key = await keys.update(tx, await keyNamed(tx, keys, publicId), body);
    return { document: key, text: `Its token still works.\n\n${keyDetails(key)}` };
  });
}

/** `gatehouse keys rotate` */
export function rotateKey(
  publicId: string,
  { grace }: CommonOptions & { readonly grace?: string },
): Promise<Answer> {
  return changing('gatehouse keys rotate', async (tx, keys) => {
    const rotated = await keys.rotate(
      tx,
      await keyNamed(tx, keys, publicId),
      given({ graceSeconds: numberIn(grace) }),
    );
    const end = new Date(rotated.oldSecretEndsAt);
    const old = end <= new Date() ? 'The old token has stopped working.' : `The old token ends ${when(end)}.`;
    return { document: rotated, text: `Rotated "${rotated.name}". ${old}\n\n${tokenText(rotated.token)}` };
  });
}

/** `gatehouse keys revoke` */
export function revokeKey(
  publicId: string,
  { reason }: CommonOptions & { readonly reason?: string },
): Promise<Answer> {
  return changing(reason ?? 'gatehouse keys revoke', async (tx, keys) => {
    const key = await keyNamed(tx, keys, publicId);
    const before = key.revokedAt;
    const revoked = await keys.revoke(tx, key, given({ reason }));
    const words = before
      ? `"${revoked.name}" was revoked already.`
      : `Revoked "${revoked.name}": it is refused from now on.`;
    return { document: revoked, text: `${words}\n\n${keyText(revoked)}` };
  });
}

/** `gatehouse keys delete` */
export function deleteKey(
  publicId: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  return withApplication(async (app) => {
    const keys = app.get(OperatorKeysService);
    const database = app.get(Database);
    // Asked outside the transaction: nobody's lock waits for an answer.
    const { name } = await database.dataSource.transaction((tx) => keyNamed(tx, keys, publicId));
    if (!yes)
      await confirm(
        `Delete the key "${name}" (${publicId})? Its token stops working; the logs keep its name.`,
        json,
      );
    await database.write({ actor: CLI_ACTOR, reason: 'gatehouse keys delete' }, async (tx) => {
      await keys.delete(tx, await keyNamed(tx, keys, publicId));
    });
    return { document: { id: publicId, name, deleted: true }, text: `Deleted "${name}" (${publicId}).` };
  });
}

/** One change in one transaction, with its reason in the change log. */
function changing(
  reason: string,
  work: (tx: Transaction, keys: OperatorKeysService) => Promise<Answer>,
): Promise<Answer> {
  return withApplication((app) =>
    app.get(Database).write({ actor: CLI_ACTOR, reason }, (tx) => work(tx, app.get(OperatorKeysService))),
  );
}

async function keyNamed(tx: Transaction, keys: OperatorKeysService, publicId: string): Promise<Key> {
  const key = await keys.find(tx, publicId);
  if (!key) throw new CommandError('NOT_FOUND', `There is no key ${publicId}.`);
  return key;
}
