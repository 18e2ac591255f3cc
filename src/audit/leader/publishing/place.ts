/** A checkpoint as it leaves the house: enough to check it with the public key alone. */
export interface PublishedCheckpoint {
  readonly no: number;
  /** One line of JSON, `{"canonical":…,"signature":…,"hash":…}`, without a line break. */
  readonly line: string;
}

/** Somewhere outside the database where checkpoints are kept. */
export interface Place {
  readonly kind: 'file' | 'webhook' | 's3';
  /** Names it in the record of what was published; holds no secret. */
  readonly name: string;
  /** Settles when the checkpoint is there; it may come twice. @throws where it could not be brought there */
  publish(checkpoint: PublishedCheckpoint, signal: AbortSignal): Promise<void>;
}
