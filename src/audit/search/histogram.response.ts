import { ApiProperty } from '@nestjs/swagger';

const TIME = { type: 'string', format: 'date-time' } as const;
const COUNT = { type: 'integer', format: 'int64', minimum: 0 } as const;

export class HistogramBucketResponse {
  @ApiProperty({ ...TIME, description: 'Its beginning.' }) from!: string;
  @ApiProperty({ ...COUNT, example: 1_204 }) requests!: number;
  @ApiProperty(COUNT) '1xx'!: number;
  @ApiProperty(COUNT) '2xx'!: number;
  @ApiProperty(COUNT) '3xx'!: number;
  @ApiProperty(COUNT) '4xx'!: number;
  @ApiProperty(COUNT) '5xx'!: number;
}

/** Requests over time, by the class of their status. */
export class HistogramResponse {
  @ApiProperty({ ...TIME, description: 'What was counted from; within what the log still has.' })
  from!: string;
  @ApiProperty({ ...TIME, description: 'The last moment that was counted.' }) to!: string;
  @ApiProperty({ type: 'integer', enum: [60, 300, 900, 3_600, 21_600, 86_400, 604_800], example: 900 })
  bucketSeconds!: number;
  @ApiProperty({
    type: [HistogramBucketResponse],
    description: 'In order, empty ones too; about 200 at most.',
  })
  buckets!: HistogramBucketResponse[];
}
