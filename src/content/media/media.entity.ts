import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { MediaType } from './media-types.js';

export const MEDIA_STATUSES = ['READY'] as const;
export type MediaStatus = (typeof MEDIA_STATUSES)[number];

/** A file of one store; its bytes are in the storage. */
@Entity('media')
@Index('media_by_creation', ['storeId', 'createdAt', 'id'])
@Index('media_by_type', ['storeId', 'type', 'createdAt', 'id'])
@Index('media_by_change', ['storeId', 'updatedAt', 'id'])
@Index('media_search', { synchronize: false })
@Index('media_object', ['objectId'], { unique: true })
@Check('media_status', `status IN ('READY')`)
export class Media {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'media_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'media_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  /** Names its objects in the storage. */
  @Column('uuid', { name: 'object_id' }) objectId!: string;
  @Column('text') name!: string;
  @Column('text', { default: '' }) alt!: string;
  /** As its content says. */
  @Column('text') type!: MediaType;
  @Column('bigint', { transformer: numeric }) bytes!: number;
  /** 64 hex digits. */
  @Column('text') sha256!: string;
  /** Of images: in pixels, as they are shown. */
  @Column('integer', { nullable: true }) width!: number | null;
  @Column('integer', { nullable: true }) height!: number | null;
  @Column('integer', { nullable: true }) frames!: number | null;
  @Column('text', { default: 'READY' }) status!: MediaStatus;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
