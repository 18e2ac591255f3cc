import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PostView } from '../dto/post-view.js';

@ApiSchema({ name: 'BatchError' })
export class BatchErrorView {
  @ApiProperty({ example: 'INVALID_INPUT' }) code!: string;
  @ApiProperty({ example: 'caption: is required' }) message!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { field: 'caption', reason: 'is required' },
  })
  details!: object | null;
}

/** What came of one item. */
@ApiSchema({ name: 'PostBatchResult' })
export class BatchResultView {
  @ApiProperty({ type: 'integer', description: 'The item, counted from 0.', example: 0 }) index!: number;
  @ApiProperty({ type: 'integer', description: 'As the answer to it alone would have.', example: 201 })
  status!: number;
  @ApiProperty({ type: PostView, nullable: true }) data!: PostView | null;
  @ApiProperty({ type: BatchErrorView, nullable: true, example: null }) error!: BatchErrorView | null;
}

/** What came of a batch. */
@ApiSchema({ name: 'PostBatch' })
export class BatchView {
  @ApiProperty({ type: 'integer', example: 2 }) succeeded!: number;
  @ApiProperty({ type: 'integer', example: 0 }) failed!: number;
  @ApiProperty({ type: [BatchResultView], description: 'One for each item, in their order.' })
  results!: BatchResultView[];
}
