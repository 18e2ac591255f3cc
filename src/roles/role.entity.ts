import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import { Organization } from '../tenants/index.js';
import type { Grants } from './grants.js';

/** A named set of grants. Built-in roles belong to no organization and never change. */
@Entity('roles')
@Unique('roles_name', ['organizationId', 'name'])
export class Role {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'roles_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'roles_organization' })
  @Column('uuid', { name: 'organization_id', nullable: true })
  organizationId!: string | null;
  @Column('text') name!: string;
  @Column('text', { default: '' }) description!: string;
  @Column('jsonb') grants!: Grants;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
