import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** What came of an event. */
@ApiSchema({ name: 'TakenEvent' })
export class TakenEventView {
  @ApiProperty({ description: 'Your id of it, or one of ours.', example: 'order-10023' }) id!: string;
  @ApiProperty({ description: 'Whether it was there already.', example: false }) duplicate!: boolean;
}

@ApiSchema({ name: 'RefusedEvent' })
export class RefusedEventView {
  @ApiProperty({ type: 'integer', description: 'The event, counted from 0.', example: 3 }) index!: number;
  @ApiProperty({ example: 'currency' }) field!: string;
  @ApiProperty({ example: 'is required with valueMinor' }) reason!: string;
}

/** What came of many. */
@ApiSchema({ name: 'TakenEvents' })
export class TakenEventsView {
  @ApiProperty({ type: 'integer', example: 998 }) accepted!: number;
  @ApiProperty({ type: 'integer', description: 'There already, or twice in the batch.', example: 1 })
  duplicates!: number;
  @ApiProperty({ type: 'integer', example: 1 }) refused!: number;
  @ApiProperty({ type: [RefusedEventView], description: 'What is wrong with those that were refused.' })
  errors!: readonly RefusedEventView[];
}
