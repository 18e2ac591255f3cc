import type { ExportFormat, ExportLog } from './audit-export.entities.js';

export const MANIFEST_TYPE = 'gatehouse/export/v1';

/** The last checkpoint of the log tree. */
export interface CheckpointName {
  readonly no: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/** What is attested of an export. Ids are UUIDs, times milliseconds since the epoch, as everywhere in the evidence. */
export interface ExportManifest {
  readonly exportId: string;
  /** Of whoever asked for it; null: by whoever runs the installation, of rows that belong to none. */
  readonly organizationId: string | null;
  readonly log: ExportLog;
  readonly format: ExportFormat;
  /** Whose rows; null: those that belong to none. */
  readonly ofOrganizationId: string | null;
  /** As the search's parameters are written. */
  readonly filters: Readonly<Record<string, string>>;
  readonly count: number;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly checkpoint: CheckpointName | null;
  /** The moment of the bound: every row committed before it is in the export. */
  readonly createdAt: number;
  readonly signingKey: string;
}

/** The manifest's canonical JSON (RFC 8785): what is signed. */
export function manifestCanonical(manifest: ExportManifest): string {
  return canonicalTree({
    bytes: manifest.bytes,
    checkpoint: manifest.checkpoint && { hash: manifest.checkpoint.hash, no: manifest.checkpoint.no },
    count: manifest.count,
    created_at: manifest.createdAt,
    export_id: manifest.exportId,
    filters: manifest.filters,
    format: manifest.format,
    log: manifest.log,
    of_organization_id: manifest.ofOrganizationId,
    organization_id: manifest.organizationId,
    sha256: manifest.sha256,
    signing_key: manifest.signingKey,
    type: MANIFEST_TYPE,
  });
}

/** As canonicalJson, for objects in objects. Numbers are whole, lists there are none. */
export function canonicalTree(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${names.map(([name, part]) => `${JSON.stringify(name)}:${canonicalTree(part)}`).join(',')}}`;
}

/** The manifest as it is handed out: one JSON document beside the file. */
export interface ManifestDocument {
  /** The canonical JSON, as a text: its bytes are what was signed. */
  readonly manifest: string;
  /** Ed25519 (RFC 8032) over it, 128 hex digits. */
  readonly signature: string;
  readonly signingKey: {
    readonly id: string;
    /** 64 hex digits. */
    readonly publicKey: string;
  };
}
