import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type KeySighting, keySightings, requestLogHeads } from '../../audit/index.js';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { type EventKey, KeyEvents } from '../key-events.js';
import { newFirstUses, newNetworks } from './seen-before.js';

const ACTOR: Actor = { type: 'system', id: 'key-sightings' };

/**
 * Tells, by events, of a key's first use, and of networks that a key was never used from before. Looks through the
 * request log behind the requests, part by part: what was seen, what is told of it and how far it came are one
 * transaction, so that each is told once, whatever ends in between.
 */
@Injectable()
export class KeySightings implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly events: KeyEvents,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'keys.sightings',
        cron: '* * * * *',
        run: async (_payload, { signal }) => {
          for (const { writer, batchNo } of await requestLogHeads(this.database.manager)) {
            // The next tick goes on where this one stopped.
            while (!signal.aborted && (await this.lookOn(writer)) < batchNo);
          }
        },
      }),
    );
  }

  /** One part of a writer's log. @returns up to which batch it is looked at */
  private lookOn(writer: number): Promise<number> {
    return this.database.write({ actor: ACTOR }, async (tx) => {
      // Two at once would each take a network for the first.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('key_sightings'), 0)`);
      const after = await seenUpTo(tx, writer);
      const part = await keySightings(tx, writer, after);
      if (!part) return Infinity;
      await this.tell(tx, part.sightings);
      await tx.query(
        `INSERT INTO key_sightings_seen (writer, batch_no) VALUES ($1, $2)
         ON CONFLICT (writer) DO UPDATE SET batch_no = excluded.batch_no`,
        [writer, part.upTo],
      );
      return part.upTo;
    });
  }

  private async tell(tx: Transaction, sightings: readonly KeySighting[]): Promise<void> {
    const keys = await lockedKeys(tx, [...new Set(sightings.map(({ keyId }) => keyId))]);
    const known = sightings.filter(({ keyId }) => keys.has(keyId));
    for (const { keyId, network, success } of await newFirstUses(tx, known)) {
      const key = keys.get(keyId);
      if (!key || !success) continue;
      const told = { at: success.at, network, requestId: toPublicId('request', success.requestId) };
      await this.events.emit(tx, 'key.first_used', key, told);
    }
    for (const { keyId, network, at, status, requestId } of await newNetworks(tx, known)) {
      const key = keys.get(keyId);
      if (!key) continue;
      const told = { at, network, status, requestId: toPublicId('request', requestId) };
      await this.events.emit(tx, 'key.new_network', key, told);
    }
  }
}

async function seenUpTo(tx: Transaction, writer: number): Promise<number> {
  const [row] = await tx.query<{ batchNo: number }[]>(
    'SELECT batch_no::float8 AS "batchNo" FROM key_sightings_seen WHERE writer = $1',
    [writer],
  );
  return row?.batchNo ?? 0;
}

/** Those that are there, and stay until the transaction ends. */
async function lockedKeys(tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, EventKey>> {
  const keys = await tx.query<EventKey[]>(
    `SELECT id, organization_id AS "organizationId", store_id AS "storeId", name, environment
     FROM keys WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE`,
    [ids],
  );
  return new Map(keys.map((key) => [key.id, key]));
}
