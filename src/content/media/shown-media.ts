import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { Media } from './media.entity.js';
import { IN_POST, inBlocks } from './media-uses.js';
import type { MediaType } from './media-types.js';
import type { Sendable } from './sent-file.js';

/** A medium as pages, feeds and networks have it. */
export interface ShownMedia {
  /** Its public id. */
  readonly id: string;
  readonly type: MediaType;
  readonly alt: string;
  /** In pixels; null for what is no image. */
  readonly width: number | null;
  readonly height: number | null;
  readonly frames: number | null;
  readonly bytes: number;
}

/** Where everybody finds a medium that is published: a path of this server. */
export const mediaPath = (publicId: string): string => `/media/${publicId}`;

/** Media that everybody may see. */
@Injectable()
export class ShownMediaQueries {
  constructor(private readonly database: Database) {}

  /** @returns by UUID; what is gone is not among them */
  async of(storeId: string, ids: readonly string[]): Promise<ReadonlyMap<string, ShownMedia>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<ShownMedia>(SHOWN, [storeId, ids]);
    return new Map(rows.map((row) => [row.id, { ...row, id: toPublicId('media', row.id) }]));
  }

  /** What is to be sent to whoever asks; undefined for what no post or page shows that is out, or on its way. */
  async published(id: string): Promise<Sendable | undefined> {
    const [row] = await this.database.query<Pick<Media, keyof Sendable>>(PUBLISHED, [id]);
    return row;
  }
}

const SHOWN = `
SELECT id, type, alt, width, height, frames, bytes::float8 AS bytes
FROM media WHERE store_id = $1 AND id = ANY ($2::uuid[])
`;

/**
 * A post on its way counts: whoever takes it fetches its media before it says so. So does one that is out on some of
 * its platforms only.
 */
const PUBLISHED = `
SELECT m.object_id AS "objectId", m.type, m.name, m.bytes::float8 AS bytes, m.sha256
FROM media m
JOIN stores s ON s.id = m.store_id
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
WHERE m.id = $1 AND (
  EXISTS (
    SELECT 1 FROM posts p
    WHERE ${IN_POST} AND p.store_id = m.store_id
      AND (p.status IN ('PUBLISHING', 'PUBLISHED') OR p.published_at IS NOT NULL))
  OR EXISTS (
    SELECT 1 FROM landing_page_versions v
    JOIN landing_pages l ON l.id = v.page_id AND l.published_version = v.number
    WHERE ${inBlocks('v.blocks')} AND l.store_id = m.store_id))
`;
