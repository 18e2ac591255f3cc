import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import type { Level } from '../platform/http/index.js';

/** What an organization has bought. Null limits are none. */
@Entity('plans')
@Check('plans_highest_level', `highest_level IN ('read', 'write', 'admin')`)
export class Plan {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plans_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @Column('text') name!: string;
  @Column('integer', { name: 'hour_limit', nullable: true }) hourLimit!: number | null;
  @Column('integer', { name: 'day_limit', nullable: true }) dayLimit!: number | null;
  @Column('integer', { name: 'poll_seconds', nullable: true }) pollSeconds!: number | null;
  @Column('text', { name: 'highest_level' }) highestLevel!: Exclude<Level, 'none'>;
  @Column('integer', { name: 'active_keys_per_store' }) activeKeysPerStore!: number;
}
