import { IntegerField, TextField } from '../../platform/http/input/index.js';

/** Which page of the checkpoints. */
export class ListCheckpointsQuery {
  @IntegerField({ min: 1, max: 100, default: 20, description: 'Most items per page.' })
  limit!: number;

  @TextField({
    max: 4_096,
    pattern: /^[A-Za-z0-9_.-]+$/,
    patternReason: 'is not a cursor of ours',
    optional: true,
    description:
      'Where to go on: `pagination.nextCursor` of the page before. Newer checkpoints repeat and hide nothing.',
  })
  cursor?: string;
}
