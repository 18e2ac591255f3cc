import { createReadStream } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { SecretBox } from '../../platform/crypto/index.js';
import { AppError } from '../../platform/errors/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { assertTarget, checkedLookup } from '../../platform/outbound/index.js';
import { ArtefactStorage } from '../runs/artefact-storage.js';
import type { AnalyticsRun, Artefact } from '../runs/run.entity.js';
import { WorkRefused } from '../runs/run-work.js';
import {
  type Bucket,
  type ExportConfiguration,
  type ExportFormat,
  exportPlace,
} from './export-configuration.entity.js';
import type { Spooled } from './spool.js';

/** Brings files to where they are wanted: here, or a bucket of the customer's. */
@Injectable()
export class ExportDestination {
  constructor(
    private readonly artefacts: ArtefactStorage,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws WorkRefused where the bucket does not take it */
  async put(
    { id, name, table, bucket, sealed }: ExportConfiguration,
    run: AnalyticsRun,
    format: ExportFormat,
    { path, bytes, sha256, rows }: Spooled,
  ): Promise<Artefact> {
    if (!bucket) {
      return { ...(await this.artefacts.put(format, createReadStream(path), bytes, sha256)), rows };
    }
    if (!sealed) throw new WorkRefused(`${name} has no secret of its bucket.`, true);
    this.assertReachable(bucket);
    const { S3Bucket } = await import('../../platform/storage/s3-bucket.js');
    const secretAccessKey = this.box.open(sealed, exportPlace(id)).toString();
    const client = new S3Bucket(
      { ...bucket, secretAccessKey },
      checkedLookup(this.config.webhookAllowPrivate),
    );
    // Of one run always the same: a try that is repeated takes the place of the one before.
    const object = `${table}-${toPublicId('analyticsRun', run.id).replace('_', '-')}.${format}`;
    try {
      await client.put(object, { bytes: createReadStream(path), size: bytes });
    } catch (error) {
      throw refusalOf(error);
    } finally {
      client.close();
    }
    const location = `s3://${bucket.bucket}/${bucket.prefix}${object}`;
    return { format, bytes, sha256, objectId: null, location, rows };
  }

  /** The setting may be another one than when the bucket was given. */
  private assertReachable({ endpoint }: Bucket): void {
    try {
      assertTarget(endpoint, this.config.webhookAllowPrivate, 'destination.endpoint');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new WorkRefused('The address of the bucket is not one that may be reached.', true);
    }
  }
}

/** Worth another try: what may be over in a moment. */
function refusalOf(error: unknown): WorkRefused {
  const { name = '', $metadata: { httpStatusCode: status = 0 } = {} } = error as Partial<{
    name: string;
    $metadata: { httpStatusCode?: number };
  }>;
  if (status === 0) return new WorkRefused('The bucket could not be reached.', false);
  const code = /^[A-Za-z]{1,60}$/.test(name) ? ` (${name})` : '';
  return new WorkRefused(
    `The bucket answered ${status}${code}.`,
    status >= 400 && status < 500 && status !== 429,
  );
}
