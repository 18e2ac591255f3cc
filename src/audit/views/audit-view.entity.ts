import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A search of the request log that somebody saved. */
@Entity('audit_views')
@Index('audit_views_organization', ['organizationId', 'createdAt', 'id'])
export class AuditView {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_views_pk' }) id!: string;
  @Column('uuid', { name: 'organization_id' }) organizationId!: string;
  /** Whose it is: a member or a key. */
  @Column('text', { name: 'owner_type' }) ownerType!: 'key' | 'member';
  @Column('uuid', { name: 'owner_id' }) ownerId!: string;
  @Column('text') name!: string;
  /** As the search's parameters are written. */
  @Column('jsonb') filters!: Record<string, string>;
  /** Whether the whole organization sees it. */
  @Column('boolean') shared!: boolean;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 }) updatedAt!: Date;
}
