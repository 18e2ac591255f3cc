import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Level } from '../platform/http/index.js';
import { numeric } from '../platform/database/index.js';

/** The customer. Its own limits: null is the plan's, NO_LIMIT (polling: 0) is none. */
@Entity('organizations')
@Check('organizations_status', `status IN ('active', 'suspended')`)
@Check('organizations_highest_level', `highest_level IN ('read', 'write', 'admin')`)
@Check('organizations_idle_key_days', `idle_key_days BETWEEN 1 AND 3650`)
export class Organization {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'organizations_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @Column('text') name!: string;
  @Column('text', { default: 'active' }) status!: 'active' | 'suspended';
  // named by its text: plans stand on a higher floor
  @ForeignKey('Plan', { name: 'organizations_plan' })
  @Column('text', { name: 'plan_id' })
  planId!: string;
  @Column('integer', { name: 'hour_limit', nullable: true }) hourLimit!: number | null;
  @Column('integer', { name: 'day_limit', nullable: true }) dayLimit!: number | null;
  @Column('integer', { name: 'poll_seconds', nullable: true }) pollSeconds!: number | null;
  @Column('integer', { name: 'active_keys_per_store', nullable: true }) activeKeysPerStore!: number | null;
  @Column('text', { name: 'highest_level', nullable: true }) highestLevel!: Level | null;
  /** Its keys are revoked after that many days without use; null is never. */
  @Column('integer', { name: 'idle_key_days', nullable: true }) idleKeyDays!: number | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** Stored where an organization's own limit is "none". */
export const NO_LIMIT = 2_147_483_647;
