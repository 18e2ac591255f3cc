import { IntegerField } from '../../platform/http/input/index.js';

/** Against what a change is proved. */
export class ChangeProofQuery {
  @IntegerField({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    description:
      'The checkpoint to prove it against: one that you kept. The first that covers it, by default.',
  })
  checkpoint?: number;
}

/** What of a request is proved, and against what. */
export class RequestProofQuery {
  @IntegerField({
    min: 0,
    max: 1_000,
    default: 0,
    description: '0: the request’s own row; 1, 2 …: the rows that close it, in the order of `closedBy`.',
  })
  row!: number;

  @IntegerField({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    description:
      'The checkpoint to prove it against: one that you kept. The first that covers it, by default.',
  })
  checkpoint?: number;
}
