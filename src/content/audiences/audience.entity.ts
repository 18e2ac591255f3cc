import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import type { Scalar } from '../../platform/http/input/index.js';
import { Store } from '../../tenants/index.js';

export const MATCHES = ['all', 'any'] as const;
export const OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'contains',
  'exists',
  'missing',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What one attribute of a customer must be. */
export interface Condition {
  readonly attribute: string;
  readonly operator: Operator;
  /** None for `exists` and `missing`; a list for `in`. */
  readonly value?: Scalar | readonly Scalar[];
}

/** Which customers an audience has by what is known of them. */
export interface Rules {
  readonly match: (typeof MATCHES)[number];
  readonly conditions: readonly Condition[];
}

/** Whom a store speaks to: the customers that fit its rules, and those that are listed. */
@Entity('audiences')
@Index('audiences_by_creation', ['storeId', 'createdAt', 'id'])
@Index('audiences_search', { synchronize: false })
export class Audience {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audiences_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'audiences_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') name!: string;
  @Column('text', { default: '' }) description!: string;
  /** Null: only those that are listed. */
  @Column('jsonb', { nullable: true }) rules!: Rules | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
