import { createHash, type Hash } from 'node:crypto';
import type { GrowingStorage, ObjectWriter } from '../../platform/storage/index.js';

/** The name under which a run of an export keeps its file. */
export function artefactName(exportId: string, runId: string): string {
  return `${exportId}.${runId}`;
}

/** The UUIDs in an artefact's name, or undefined for a file of somebody else's. */
export function readArtefactName(name: string): { exportId: string; runId: string } | undefined {
  const [, exportId, runId] = /^([0-9a-f-]{36})\.([0-9a-f-]{36})$/.exec(name) ?? [];
  return exportId !== undefined && runId !== undefined ? { exportId, runId } : undefined;
}

/** A file under way: what was written to it so far, and its digest. */
export class Artefact {
  private readonly hash: Hash = createHash('sha256');
  private written = 0;

  private constructor(private readonly writer: ObjectWriter) {}

  static async create(storage: GrowingStorage, name: string): Promise<Artefact> {
    return new Artefact(await storage.create(name));
  }

  get bytes(): number {
    return this.written;
  }

  /** 64 hex digits. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.writer.write(bytes);
    this.hash.update(bytes);
    this.written += bytes.byteLength;
  }

  /** Resolves when all that was appended survives a loss of power. */
  sync(): Promise<void> {
    return this.writer.sync();
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}
