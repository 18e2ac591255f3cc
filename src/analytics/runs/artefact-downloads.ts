import { Injectable, type StreamableFile } from '@nestjs/common';
import { sendObject, Standing } from '../../audit/index.js';
import { NotFound } from '../../platform/errors/index.js';
import type { RequestContext } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { ArtefactStorage } from './artefact-storage.js';
import type { AnalyticsRun, Format } from './run.entity.js';

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** A page of ours has styles of its own, and nothing else: no script, and nothing from elsewhere. */
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** The bytes of what runs have made, as they are sent. */
@Injectable()
export class ArtefactDownloads {
  constructor(
    private readonly storage: ArtefactStorage,
    private readonly standing: Standing,
  ) {}

  /** @throws NotFound where it has made no such file, or that is kept no more; RANGE_NOT_SATISFIABLE */
  async send(
    context: RequestContext,
    { id, artefacts, artefactsUntil }: AnalyticsRun,
    format: string,
  ): Promise<StreamableFile | undefined> {
    const artefact = artefacts.find((each) => each.format === format);
    if (!artefact) throw new NotFound();
    const { objectId, bytes, sha256 } = artefact;
    if (objectId === null || !artefactsUntil || artefactsUntil < new Date())
      throw new NotFound('kept no more');
    return sendObject(context, this.standing, {
      open: (range) => this.storage.read({ objectId, format: artefact.format }, range),
      type: MEDIA_TYPES[artefact.format],
      way: 'attachment',
      name: `${toPublicId('analyticsRun', id)}.${artefact.format}`,
      bytes,
      etag: `"${sha256}"`,
      policy: POLICY,
    });
  }
}
