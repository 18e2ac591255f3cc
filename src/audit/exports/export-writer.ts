import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { GrowingStorage, ObjectMissing } from '../../platform/storage/index.js';
import { Artefact, artefactName } from './artefact.js';
import { ExportProgress, type ExportWithRun } from './export-progress.js';
import type { ReadPosition } from './log-reader.js';
import { LogText } from './log-text.js';
import { ManifestSigner } from './sign-manifest.js';

/** What of an export is in its artefact. */
interface Part {
  readonly position: ReadPosition | null;
  readonly rowsDone: number;
}

/**
 * Writes an export's artefact, chunk by chunk: bytes, then fsync, then the row that says so. A run that takes over from
 * one that ended, however that happened, copies what that row vouches for into a file of its own and goes on behind it:
 * no row is left out, and none is there twice. Two runs at once cannot spoil each other's file, and only one is heard.
 */
@Injectable()
export class ExportWriter {
  constructor(
    private readonly storage: GrowingStorage,
    private readonly progress: ExportProgress,
    private readonly text: LogText,
    private readonly signer: ManifestSigner,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Writes the export to its end, from wherever it is.
   * @throws RunSuperseded, what the storage or the database throws, and the signal's reason once it is aborted
   */
  async write({ order, run }: ExportWithRun, signal: AbortSignal): Promise<void> {
    const runId = newUuid();
    const name = artefactName(order.id, runId);
    const artefact = await Artefact.create(this.storage, name);
    let finished = false;
    try {
      const part = await this.copyDurable({ order, run }, artefact, signal);
      await artefact.sync();
      const keepDays = this.config.auditExportKeepDays;
      await this.progress.takeOver(order.id, run, { runId, bytes: artefact.bytes, ...part }, keepDays);
      if (run.runId !== null) await this.storage.remove(artefactName(order.id, run.runId));
      finished = true; // from here on the file is what the export's row names
      const rowsDone = await this.writeRest({ order, run }, { runId, part, artefact }, signal);
      const sha256 = artefact.digest();
      const signed = await this.signer.sign({
        exportId: order.id,
        organizationId: order.organizationId,
        log: order.log,
        format: order.format,
        filters: order.filters,
        ofOrganizationId: order.ofOrganizationId,
        count: rowsDone,
        bytes: artefact.bytes,
        sha256,
        createdAt: order.createdAt.getTime(),
      });
      await this.progress.finish(order.id, runId, { sha256, signed, keepDays });
    } catch (error) {
      const current = finished ? await this.progress.find(order.id).catch(() => null) : undefined;
      // Unknown (null) is left to the sweep.
      if (current !== null && current?.run.runId !== runId) await this.storage.remove(name);
      throw error;
    } finally {
      await artefact.close();
    }
  }

  /** The part that the run before has made durable; nothing where its file is not what its row says. */
  private async copyDurable(
    { order, run }: ExportWithRun,
    artefact: Artefact,
    signal: AbortSignal,
  ): Promise<Part> {
    const before = run.runId === null ? undefined : artefactName(order.id, run.runId);
    const size = before === undefined ? undefined : await this.storage.size(before);
    if (before === undefined || size === undefined || size < run.bytes) {
      await artefact.append(this.text.of(order).head);
      return { position: null, rowsDone: 0 };
    }
    if (run.bytes > 0) {
      const bytes = await this.storage.read(before, { first: 0, last: run.bytes - 1 });
      for await (const chunk of bytes) {
        signal.throwIfAborted();
        await artefact.append(chunk as Buffer);
      }
    }
    if (artefact.bytes !== run.bytes) throw new ObjectMissing(before);
    return { position: run.position, rowsDone: run.rowsDone };
  }

  /** @returns how many rows the artefact has in the end */
  private async writeRest(
    { order, run }: ExportWithRun,
    { runId, part, artefact }: { runId: string; part: Part; artefact: Artefact },
    signal: AbortSignal,
  ): Promise<number> {
    const text = this.text.of(order);
    if (run.rowsEstimated === null) await this.progress.estimate(order.id, runId, await text.estimate());
    let { rowsDone } = part;
    for await (const chunk of text.chunks(part.position)) {
      signal.throwIfAborted();
      await artefact.append(chunk.bytes);
      await artefact.sync();
      rowsDone += chunk.rows;
      const { position } = chunk;
      await this.progress.advance(order.id, { runId, position, rowsDone, bytes: artefact.bytes });
    }
    return rowsDone;
  }
}
