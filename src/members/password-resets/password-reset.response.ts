import { ApiProperty } from '@nestjs/swagger';

export class PasswordResetRequestedResponse {
  @ApiProperty({ example: 'If the address is a member’s, a link is on its way to it.' }) message!: string;
}

/** A way for a member to set a new password, made by an administrator. */
export class PasswordResetResponse {
  @ApiProperty({ enum: ['mail', 'link'], description: 'Whether it is mailed, or to be handed over.' })
  delivery!: 'mail' | 'link';
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The link, told once; null where it is mailed. It works once.',
  })
  link!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the link ends; null where it is mailed: an hour after that.',
  })
  expiresAt!: string | null;
}
