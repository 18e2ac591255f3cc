import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { Database, takeTurn, type Transaction } from '../../../platform/database/index.js';
import { InvalidInput, NotFound } from '../../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../../platform/http/index.js';
import { Lists, type Page } from '../../../platform/http/lists/index.js';
import { newUuid } from '../../../platform/ids/index.js';
import { BusinessTransactions } from '../../../platform/writes/index.js';
import type { Rules } from '../audience.entity.js';
import { AudiencesService } from '../audiences.service.js';
import type { SizeView } from '../dto/audience-view.js';
import { assertRules, rulesSql } from '../rules-sql.js';
import { AudienceMember, Customer } from './customer.entity.js';
import type { MemberBody, MemberListQuery } from './member.input.js';
import { type ListedView, type MemberView, viewOf } from './member.response.js';

/** As many are counted; of more, the database's own estimate is told. */
const MOST_COUNTED = 100_000;

/** The customers of a store, by audience. */
@Injectable()
export class AudienceMembersService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly audiences: AudiencesService,
  ) {}

  /** @throws NotFound, InvalidInput for a cursor that is not this list's */
  async list(store: StoreScope, audienceId: string, query: MemberListQuery): Promise<Page<MemberView>> {
    const { rules } = await this.audiences.all.find(store, audienceId);
    const builder = this.inAudience(store, audienceId, rules);
    return this.lists.page(query, { name: `audience-members/${audienceId}`, builder, present: viewOf });
  }

  /** @throws NotFound */
  async size(store: StoreScope, audienceId: string): Promise<SizeView> {
    const { rules } = await this.audiences.all.find(store, audienceId);
    return this.count(this.inAudience(store, audienceId, rules));
  }

  /** How many customers would fit. @throws InvalidInput */
  estimate(store: StoreScope, rules: Rules): Promise<SizeView> {
    assertRules(rules);
    const { sql, parameters } = rulesSql(rules, 'customer.attributes');
    return this.count(this.ofStore(store).andWhere(sql, parameters));
  }

  /** Lists customers in an audience. @throws NotFound, InvalidInput where one comes twice */
  add(
    context: RequestContext,
    store: StoreScope,
    audienceId: string,
    members: readonly MemberBody[],
  ): Promise<ListedView> {
    assertOnce(members);
    return this.transactions.run(context, async (tx) => {
      // Held, so that it is not deleted meanwhile.
      await this.audiences.all.locked(tx, store, audienceId);
      return this.listAll(tx, store, audienceId, members);
    });
  }

  /** Takes a customer off the list; one that fits the rules is in the audience still. @throws NotFound */
  async remove(
    context: RequestContext,
    store: StoreScope,
    audienceId: string,
    customerId: string,
  ): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.audiences.all.locked(tx, store, audienceId);
      const { affected } = await tx.delete(AudienceMember, { audienceId, customerId });
      if (affected === 0) throw new NotFound();
    });
  }

  /** Makes or changes the customers, each there once, and lists them; the audience is locked. */
  async listAll(
    tx: Transaction,
    store: StoreScope,
    audienceId: string,
    members: readonly MemberBody[],
  ): Promise<ListedView> {
    // So that two that name a new customer at once make one.
    await takeTurn(tx, `customers/${store.storeId}`);
    const rows = members.map(({ reference, attributes }) => ({ id: newUuid(), reference, attributes }));
    const customers = await tx.query<{ id: string; created: boolean; changed: boolean }[]>(UPSERT, [
      store.storeId,
      JSON.stringify(rows),
    ]);
    const listed = await tx.query<unknown[]>(LIST, [
      store.storeId,
      audienceId,
      customers.map(() => newUuid()),
      customers.map(({ id }) => id),
    ]);
    return {
      created: customers.filter(({ created }) => created).length,
      updated: customers.filter(({ changed }) => changed).length,
      listed: listed.length,
    };
  }

  private ofStore({ storeId }: StoreScope): SelectQueryBuilder<Customer> {
    return this.database.manager
      .createQueryBuilder(Customer, 'customer')
      .where('customer.storeId = :storeId', { storeId });
  }

  private inAudience(
    store: StoreScope,
    audienceId: string,
    rules: Rules | null,
  ): SelectQueryBuilder<Customer> {
    const listed =
      'EXISTS (SELECT 1 FROM audience_members m WHERE m.audience_id = :audienceId AND m.customer_id = customer.id)';
    const builder = this.ofStore(store);
    if (!rules) return builder.andWhere(listed, { audienceId });
    const { sql, parameters } = rulesSql(rules, 'customer.attributes');
    return builder.andWhere(`(${sql} OR ${listed})`, { ...parameters, audienceId });
  }

  private async count(builder: SelectQueryBuilder<Customer>): Promise<SizeView> {
    const [sql, parameters] = builder.select('customer.id').getQueryAndParameters();
    const [row] = await this.database.query<{ size: number }>(
      `SELECT count(*)::integer AS size FROM (${sql} LIMIT ${MOST_COUNTED + 1}) counted`,
      parameters,
    );
    const size = row?.size ?? 0;
    if (size <= MOST_COUNTED) return { size, exact: true };
    const [plan] = await this.database.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      `EXPLAIN (FORMAT JSON) ${sql}`,
      parameters,
    );
    return { size: Math.max(size, plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0), exact: false };
  }
}

/** @throws InvalidInput */
function assertOnce(members: readonly MemberBody[]): void {
  const seen = new Set<string>();
  for (const [index, { reference }] of members.entries()) {
    if (seen.has(reference)) {
      throw new InvalidInput([{ field: `members[${index}].reference`, reason: 'is there twice' }]);
    }
    seen.add(reference);
  }
}

// A row that changes nothing is no new version.
const UPSERT = `
WITH given AS (
  SELECT id, reference, attributes FROM jsonb_to_recordset($2::jsonb) AS g(id uuid, reference text, attributes jsonb)
  ORDER BY reference
), before AS (
  SELECT c.id, c.reference, c.attributes FROM customers c JOIN given USING (reference)
  WHERE c.store_id = $1 ORDER BY c.reference FOR UPDATE OF c
), changed AS (
  UPDATE customers c SET attributes = c.attributes || g.attributes, updated_at = now()
  FROM given g JOIN before b USING (reference)
  WHERE c.id = b.id AND b.attributes || g.attributes <> b.attributes
  RETURNING c.id
), created AS (
  INSERT INTO customers (id, store_id, reference, attributes)
  SELECT g.id, $1, g.reference, g.attributes FROM given g
  WHERE NOT EXISTS (SELECT 1 FROM before b WHERE b.reference = g.reference)
  RETURNING id
)
SELECT id, true AS created, false AS changed FROM created
UNION ALL
SELECT b.id, false, EXISTS (SELECT 1 FROM changed WHERE changed.id = b.id) FROM before b
`;

const LIST = `
INSERT INTO audience_members (id, store_id, audience_id, customer_id)
SELECT m.id, $1, $2, m.customer_id FROM unnest($3::uuid[], $4::uuid[]) AS m(id, customer_id)
ORDER BY m.customer_id
ON CONFLICT ON CONSTRAINT audience_members_once DO NOTHING
RETURNING id
`;
