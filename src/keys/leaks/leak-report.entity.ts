import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Organization, Store } from '../../tenants/index.js';

/** What was done about an exposed token: its key revoked; nothing but this; nothing, for it had ended before. */
export const LEAK_ACTIONS = ['revoked', 'reported', 'ended'] as const;
export type LeakAction = (typeof LEAK_ACTIONS)[number];

/** A token that somebody found where everybody can read it. Outlives its key. */
@Entity('leak_reports')
@Unique('leak_reports_place', ['secretId', 'urlDigest'])
@Index('leak_reports_of_store', ['storeId', 'createdAt', 'id'])
@Check('leak_reports_action', `action IN ('revoked', 'reported', 'ended')`)
export class LeakReport {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'leak_reports_pk' }) id!: string;
  @ForeignKey(() => Organization, { name: 'leak_reports_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  @ForeignKey(() => Store, { name: 'leak_reports_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('uuid', { name: 'key_id' }) keyId!: string;
  /** As it was then. */
  @Column('text', { name: 'key_name' }) keyName!: string;
  @Column('uuid', { name: 'secret_id' }) secretId!: string;
  /** Of the token, e.g. `gate_live_AbCd…wXyZ`. */
  @Column('text') preview!: string;
  /** What the reporter calls this kind of token. */
  @Column('text', { name: 'token_type' }) tokenType!: string;
  /** Where it was found; tokens in it are blotted out. */
  @Column('text', { nullable: true }) url!: string | null;
  /** SHA-256 of `url`: the same place is reported once. */
  @Column('bytea', { name: 'url_digest' }) urlDigest!: Buffer;
  /** What it was found in, e.g. `commit`. */
  @Column('text', { nullable: true }) source!: string | null;
  @Column('text') action!: LeakAction;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
