import { Injectable } from '@nestjs/common';
import type { DeepPartial, FindOptionsWhere, QueryDeepPartialEntity, SelectQueryBuilder } from 'typeorm';
import { Database, sqlState, type Transaction, violatedConstraint } from '../database/index.js';
import { Conflict, NotFound } from '../errors/index.js';
import { Events } from '../events/index.js';
import { assertMatches, etagOf } from '../http/etag.js';
import type { RequestContext, StoreScope } from '../http/index.js';
import { Lists, type Page, type SortedQuery } from '../http/lists/index.js';
import { newUuid } from '../ids/index.js';
import { BusinessTransactions } from '../writes/index.js';
import type { ContentOf, NewRow, RecordKind, StoreRow } from './record-kind.js';

/** Makes collections: what every kind of thing in a store has in common is written once. */
@Injectable()
export class StoreRecords {
  constructor(
    readonly database: Database,
    readonly transactions: BusinessTransactions,
    readonly events: Events,
    readonly lists: Lists,
  ) {}

  of<E extends StoreRow, V extends { readonly id: string }>(kind: RecordKind<E, V>): StoreCollection<E, V> {
    return new StoreCollection(kind, this);
  }
}

/**
 * The things of one kind, one store at a time: whatever belongs to another store is not there. The methods that take
 * a RequestContext are whole requests, with their Idempotency-Key and If-Match; those that take a transaction are
 * their parts, for whoever has more to do in it.
 */
export class StoreCollection<E extends StoreRow, V extends { readonly id: string }> {
  constructor(
    private readonly kind: RecordKind<E, V>,
    private readonly house: StoreRecords,
  ) {}

  /**
   * A page of the list.
   * @param fitting leaves the rows that fit the query's filters; the builder's alias is the kind's name
   * @throws InvalidInput for a cursor that is not this list's
   */
  page<Q extends SortedQuery>(
    store: StoreScope,
    query: Q,
    fitting: (builder: SelectQueryBuilder<E>, query: Q) => void,
  ): Promise<Page<V>> {
    const { entity, name, plural, view } = this.kind;
    const builder = this.house.database.manager
      .createQueryBuilder(entity, name)
      .where(`${name}.storeId = :storeId`, { storeId: store.storeId });
    fitting(builder, query);
    return this.house.lists.page(query, { name: `${plural}/${store.storeId}`, builder, present: view });
  }

  /** @throws NotFound */
  async get(store: StoreScope, id: string): Promise<V> {
    return this.kind.view(await this.find(store, id));
  }

  /** The row itself. @throws NotFound */
  async find(store: StoreScope, id: string): Promise<E> {
    const row = await this.house.database.manager.findOneBy(this.kind.entity, this.where(store, id));
    if (!row) throw new NotFound();
    return row;
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(
    context: RequestContext,
    store: StoreScope,
    content: NewRow<E> | ((tx: Transaction) => Promise<NewRow<E>>),
  ): Promise<V> {
    return this.house.transactions.run(context, async (tx) =>
      this.kind.view(
        await this.insert(tx, store, typeof content === 'function' ? await content(tx) : content),
      ),
    );
  }

  /**
   * Changes what is given, or what is made of the row as it stands.
   * @throws NotFound, PreconditionFailed; whatever the kind's check throws
   */
  change(
    context: RequestContext,
    store: StoreScope,
    id: string,
    changes: Changes<E> | ((before: E, tx: Transaction) => Changes<E> | Promise<Changes<E>>),
  ): Promise<V> {
    return this.house.transactions.run(context, async (tx) => {
      const before = await this.locked(tx, store, id);
      assertMatches(context.ifMatch, etagOf(this.kind.view(before)));
      const made = typeof changes === 'function' ? await changes(before, tx) : changes;
      return this.kind.view(await this.save(tx, store, before, made));
    });
  }

  /**
   * @param first what goes before it in the same transaction
   * @throws NotFound, PreconditionFailed
   */
  async delete(
    context: RequestContext,
    store: StoreScope,
    id: string,
    first?: (tx: Transaction, row: E) => Promise<void>,
  ): Promise<void> {
    await this.house.transactions.run(context, async (tx) => {
      const row = await this.locked(tx, store, id);
      assertMatches(context.ifMatch, etagOf(this.kind.view(row)));
      await first?.(tx, row);
      await tx.delete(this.kind.entity, this.where(store, id));
      await this.emit(tx, store, row, undefined);
    });
  }

  /** A new row. @throws Conflict for what is taken; whatever the kind's check throws */
  async insert(tx: Transaction, store: StoreScope, content: NewRow<E>): Promise<E> {
    const [row] = await this.insertMany(tx, store, [content]);
    if (!row) throw new Error('One row makes one row.');
    return row;
  }

  /** New rows, in one statement. @throws Conflict for what is taken; whatever the kind's check throws */
  async insertMany(tx: Transaction, store: StoreScope, contents: readonly NewRow<E>[]): Promise<E[]> {
    const now = new Date();
    const rows = contents.map((content) =>
      tx.create(this.kind.entity, {
        id: newUuid(),
        storeId: store.storeId,
        version: 1,
        ...content,
        createdAt: now,
        updatedAt: now,
      } as unknown as DeepPartial<E>),
    );
    for (const row of rows) this.kind.check?.(row, undefined);
    if (rows.length > 0) {
      await this.unlessTaken(tx.insert(this.kind.entity, rows));
    }
    for (const row of rows) {
      await this.kind.saved?.(tx, row, undefined);
      await this.emit(tx, store, undefined, row);
    }
    return rows;
  }

  /** The row, which nobody else changes until the transaction ends. @throws NotFound */
  async locked(tx: Transaction, store: StoreScope, id: string): Promise<E> {
    const row = await tx.findOne(this.kind.entity, {
      where: this.where(store, id),
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) throw new NotFound();
    return row;
  }

  /**
   * Writes the changes of a locked row. What changes nothing is no new version: the tag stays, and no event tells of it.
   * @throws whatever the kind's check throws
   */
  async save(tx: Transaction, store: StoreScope, before: E, changes: Changes<E>): Promise<E> {
    const after: E = { ...before, ...changes };
    this.kind.check?.(after, before);
    if (etagOf(this.kind.view(after)) === etagOf(this.kind.view(before))) return before;
    const updatedAt = new Date();
    await this.unlessTaken(
      tx.update(this.kind.entity, this.where(store, before.id), {
        ...changes,
        updatedAt,
      } as unknown as QueryDeepPartialEntity<E>),
    );
    const row: E = { ...after, updatedAt };
    await this.kind.saved?.(tx, row, before);
    await this.emit(tx, store, before, row);
    return row;
  }

  /** @throws Conflict where another one has what must be there once only */
  private async unlessTaken(write: Promise<unknown>): Promise<void> {
    try {
      await write;
    } catch (error) {
      const field = this.kind.unique?.[violatedConstraint(error) ?? ''];
      if (sqlState(error) !== '23505' || field === undefined) throw error;
      throw new Conflict(`Another ${this.kind.name} has this ${field}.`, { field });
    }
  }

  private async emit(
    tx: Transaction,
    store: StoreScope,
    before: E | undefined,
    after: E | undefined,
  ): Promise<void> {
    const row = after ?? before;
    if (!row || !this.kind.events) return;
    const view = this.kind.view(row);
    for (const type of this.kind.events(before, after)) {
      await this.house.events.emit(tx, {
        type,
        organizationId: store.organizationId,
        storeId: store.storeId,
        subjectId: view.id,
        data: { ...view },
      });
    }
  }

  private where(store: StoreScope, id: string): FindOptionsWhere<E> {
    return { id, storeId: store.storeId } as FindOptionsWhere<E>;
  }
}

/** Some of a row's columns. */
export type Changes<E extends StoreRow> = Partial<ContentOf<E>>;
