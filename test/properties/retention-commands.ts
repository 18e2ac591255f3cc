import { expect } from '@jest/globals';
import type fc from 'fast-check';
import type { Hold } from '../../src/audit/index.js';
import { anchor, appendRequests, momentOf, oldRow, sealChanges } from '../audit/old-days.js';
import { uuidOf } from '../keys/key-calls.js';
import { call } from '../support/http-client.js';
import { DAYS, type Retained, type RetentionModel } from './retention-model.js';

export type RetentionCommand = fc.AsyncCommand<RetentionModel, Retained>;

const DAY_MS = 86_400_000;
const dayOf = (index: number): string => DAYS[index] ?? DAYS[0];

abstract class Command implements RetentionCommand {
  check(_model: Readonly<RetentionModel>): boolean {
    return true;
  }

  async run(model: RetentionModel, real: Retained): Promise<void> {
    await this.take(model, real);
    await real.assertIs(model);
  }

  protected abstract take(model: RetentionModel, real: Retained): Promise<void>;

  abstract toString(): string;
}

/** One batch of requests, of any days. */
export class Append extends Command {
  constructor(private readonly given: readonly { day: number; key: number; address: number }[]) {
    super();
  }

  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    const rows = this.given.map(({ day, key, address }, n) =>
      oldRow(momentOf(dayOf(day), n), {
        organization_id: uuidOf('organization', real.admin.organizationId),
        key_id: model.keyIds[key] ?? null,
        ip: real.addresses[address] ?? '10.3.0.1',
      }),
    );
    await appendRequests(real.app, rows);
    rows.forEach((row, n) =>
      model.rows.push({
        row,
        day: dayOf(this.given[n]?.day ?? 0),
        place: 'log',
        isAnchored: false,
        isErased: false,
        wasKept: false,
      }),
    );
  }

  override toString = () => `append ${JSON.stringify(this.given)}`;
}

/** The leader seals the changes and makes a checkpoint. */
export class Seal extends Command {
  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    await sealChanges(real.app);
    await anchor(real.app);
    for (const one of [...model.rows, ...model.changes]) one.isAnchored = true;
  }

  override toString = () => 'seal';
}

export class SetHold extends Command {
  constructor(private readonly of: { key: number | null; day: number | null }) {
    super();
  }

  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    const { key, day } = this.of;
    const from = day === null ? undefined : new Date(dayOf(day));
    const hold: Hold = {
      ...(key === null ? {} : { keyId: model.keyIds[key] }),
      ...(from ? { from, to: new Date(from.getTime() + DAY_MS) } : {}),
    };
    model.holds.push(hold);
    real.holds.add(hold);
    await Promise.resolve();
  }

  override toString = () => `hold ${JSON.stringify(this.of)}`;
}

export class ReleaseHold extends Command {
  constructor(private readonly which: number) {
    super();
  }

  override check(model: Readonly<RetentionModel>): boolean {
    return model.holds.length > 0;
  }

  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    const [hold] = model.holds.splice(this.which % model.holds.length, 1);
    if (hold) real.holds.delete(hold);
    await Promise.resolve();
  }

  override toString = () => `release ${this.which}`;
}

export class RunPurge extends Command {
  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    await real.purge();
    model.purge();
  }

  override toString = () => 'purge';
}

/** By key, or else by address. */
export class Erase extends Command {
  constructor(private readonly whose: { key: number | null; address: number }) {
    super();
  }

  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    const keyId = this.whose.key === null ? undefined : model.keyIds[this.whose.key];
    const ip = real.addresses[this.whose.address];
    await real.erase(keyId === undefined ? { ip } : { keyId });
    for (const one of model.rows) {
      if (one.place === 'gone' || model.isHeld(one.row.key_id, one.day)) continue;
      if (keyId === undefined ? one.row.ip === ip : one.row.key_id === keyId) one.isErased = true;
    }
  }

  override toString = () => `erase ${JSON.stringify(this.whose)}`;
}

/** The API deletes a key; that was on some day, as the change log has it. */
export class DeleteKey extends Command {
  constructor(
    private readonly key: number,
    private readonly day: number,
  ) {
    super();
  }

  override check(model: Readonly<RetentionModel>): boolean {
    return !model.changes.some(({ keyId }) => keyId === model.keyIds[this.key]);
  }

  protected async take(model: RetentionModel, real: Retained): Promise<void> {
    const answer = await call(real.app.url, `/api/v1/keys/${real.keys[this.key]?.id}`, {
      token: real.admin.token,
      method: 'DELETE',
    });
    expect(answer.status).toBe(204);
    const keyId = model.keyIds[this.key] ?? '';
    const changes = await real.app.sql<{ id: string }>(
      `UPDATE change_log SET at = $2 WHERE entity = 'key' AND entity_id = $1 AND action = 'delete' RETURNING id`,
      [keyId, new Date(momentOf(dayOf(this.day)))],
    );
    for (const { id } of changes) {
      model.changes.push({ id, keyId, day: dayOf(this.day), isAnchored: false, isGone: false });
    }
  }

  override toString = () => `delete key ${this.key} on day ${this.day}`;
}
