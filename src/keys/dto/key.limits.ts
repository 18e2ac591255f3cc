import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, ObjectField } from '../../platform/http/input/index.js';

/** Limits of a key's own; null is none. */
export interface KeyLimits {
  readonly hour: number | null;
  readonly day: number | null;
}

const REQUESTS = { min: 1, max: 2_147_483_646, optional: true, nullable: true };

export class KeyLimitsInput implements Partial<KeyLimits> {
  @IntegerField({ ...REQUESTS, description: 'Requests an hour; null is no limit of its own.', example: 100 })
  hour?: number | null;
  @IntegerField({ ...REQUESTS, description: 'Requests a day; null is no limit of its own.', example: 1_000 })
  day?: number | null;
}

export const LimitsField = () =>
  ObjectField(() => KeyLimitsInput, {
    optional: true,
    description:
      'Limits of the key’s own, beside those that its organization or sandbox has; what is not named stays as it ' +
      'is. A request is charged to both or, where either refuses it, to neither. One above the plan’s is allowed ' +
      'and binds nothing. Counted are requests from when the limit is set.',
  });

/** What a key’s limits are answered as. */
export class KeyLimitsResponse implements KeyLimits {
  @ApiProperty({ type: 'integer', nullable: true, description: 'Requests an hour; null where it has none.' })
  hour!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Requests a day; null where it has none.' })
  day!: number | null;
}
