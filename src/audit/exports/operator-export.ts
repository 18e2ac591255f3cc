import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import type { ExportFormat, ExportLog } from './audit-export.entities.js';
import type { ManifestDocument } from './export-manifest.js';
import { currentBound } from './log-bound.js';
import { LogText } from './log-text.js';
import { ManifestSigner } from './sign-manifest.js';

/** What whoever runs the installation asks for. */
export interface OperatorOrder {
  readonly log: ExportLog;
  readonly format: ExportFormat;
  /** As the search's parameters are written. */
  readonly filters: Readonly<Record<string, string>>;
  /** UUID; null: the rows that belong to none. */
  readonly organizationId: string | null;
}

/** An export that is written at once, to wherever its reader wants it. */
export interface ExportUnderWay {
  readonly rowsEstimated: number;
  /** The file, part by part. To be read to its end before the manifest is asked for. */
  parts(): AsyncGenerator<{ readonly bytes: Buffer; readonly rowsDone: number }>;
  manifest(): Promise<ManifestDocument>;
}

/** Exports for whoever runs the installation, without a job: the same files, with the same manifests. */
@Injectable()
export class OperatorExport {
  constructor(
    private readonly database: Database,
    private readonly text: LogText,
    private readonly signer: ManifestSigner,
  ) {}

  /** @throws InvalidInput for a filter that the search does not have */
  async begin({ organizationId, filters, ...order }: OperatorOrder): Promise<ExportUnderWay> {
    const bound = await this.database.dataSource.transaction(currentBound);
    const text = this.text.of({ ...order, filters: { ...filters }, bound, ofOrganizationId: organizationId });
    const hash = createHash('sha256');
    let bytes = 0;
    let rowsDone = 0;
    const told = (part: Buffer) => {
      hash.update(part);
      bytes += part.length;
      return { bytes: part, rowsDone };
    };
    return {
      rowsEstimated: await text.estimate(),
      parts: async function* () {
        yield told(text.head);
        for await (const chunk of text.chunks(null)) {
          rowsDone += chunk.rows;
          yield told(chunk.bytes);
        }
      },
      manifest: async () =>
        this.signer.document(
          await this.signer.sign({
            exportId: newUuid(),
            organizationId,
            ofOrganizationId: organizationId,
            log: order.log,
            format: order.format,
            filters,
            count: rowsDone,
            bytes,
            sha256: hash.digest('hex'),
            createdAt: bound.at,
          }),
        ),
    };
  }
}
