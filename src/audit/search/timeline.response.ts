import { ApiProperty } from '@nestjs/swagger';
import { ChangeResponse } from './change.response.js';
import { LoggedRequestResponse } from './request.response.js';

/** Something that a key did, or that was done to it. */
export class TimelineEntryResponse {
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: string;
  @ApiProperty({ enum: ['request', 'change'], description: 'Which of the two it is; the other one is null.' })
  kind!: 'request' | 'change';
  @ApiProperty({ type: LoggedRequestResponse, nullable: true, description: 'A request that the key made.' })
  request!: LoggedRequestResponse | null;
  @ApiProperty({
    type: ChangeResponse,
    nullable: true,
    description: 'A change of the key or of its secrets.',
  })
  change!: ChangeResponse | null;
}
