import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Where a page lies in its list. */
@ApiSchema({ name: 'Pagination' })
export class PaginationSchema {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'Counted from 1; null where the page was reached by cursor.',
    example: 1,
  })
  page!: number | null;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, example: 20 })
  limit!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'All items that fit the filters; null where a list does not count them.',
    example: 137,
  })
  totalCount!: number | null;

  @ApiProperty({ type: 'boolean', example: true })
  hasMore!: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Send it as `cursor` for the next page; null at the end.',
    example: null,
  })
  nextCursor!: string | null;
}
