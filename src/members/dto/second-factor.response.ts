import { ApiProperty } from '@nestjs/swagger';

/** A second factor that waits for its first code. */
export class PendingTotpResponse {
  @ApiProperty({ description: 'For typing: base32. Told once.', example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' })
  secret!: string;
  @ApiProperty({ description: 'For scanning, as a QR code. Told once.', example: 'otpauth://totp/…' })
  uri!: string;
}

export class RecoveryCodesResponse {
  @ApiProperty({
    type: [String],
    description: 'Each works once, where the authenticator is lost. Told once.',
    example: ['7k3m-9qwe-2rtz-p0av'],
  })
  recoveryCodes!: string[];
}
