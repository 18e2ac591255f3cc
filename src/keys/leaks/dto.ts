import { ApiProperty } from '@nestjs/swagger';
import { EnumField, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { LEAK_ACTIONS, type LeakAction } from './leak-report.entity.js';

/** One match of a secret scanner, as GitHub's partner programme sends it. */
export class ExposedToken {
  @TextField({ max: 512, description: 'What was found.' }) token!: string;

  @TextField({ max: 200, description: 'What the scanner calls this kind of token.', example: 'gate_token' })
  type!: string;

  @TextField({
    min: 0,
    max: 2_048,
    optional: true,
    nullable: true,
    description: 'Where it was found; may be empty.',
    example: 'https://github.com/octocat/hello-world/blob/main/config.js',
  })
  url?: string | null;

  @TextField({
    min: 0,
    max: 200,
    optional: true,
    nullable: true,
    description: 'What it was found in.',
    example: 'commit',
  })
  source?: string | null;
}

export const LEAK_LABELS = ['true_positive', 'false_positive'] as const;
export type LeakLabel = (typeof LEAK_LABELS)[number];

/** What the scanner learns of one match. The names are GitHub's. */
export class LeakFeedback {
  @ApiProperty({ description: 'SHA-256 of the token, in hexadecimal.', pattern: '^[0-9a-f]{64}$' })
  token_hash!: string;
  @ApiProperty({ description: 'The `type` it was reported under.' }) token_type!: string;
  @ApiProperty({ enum: LEAK_LABELS, description: 'Whether it is, or was, a token of a key here.' })
  label!: LeakLabel;
}

export class ListLeaksQuery extends ListQuery {
  @EnumField({ values: ['createdAt'], default: 'createdAt', description: 'What to order by.' })
  sortBy!: 'createdAt';
}

/** A report of an exposed token, for the admins of its store. */
export class LeakReportResponse {
  @ApiProperty({ example: 'lkr_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) keyId!: string;
  @ApiProperty({ description: 'The key’s name when it was reported.' }) keyName!: string;
  @ApiProperty({ example: 'gate_live_AbCd…wXyZ' }) preview!: string;
  @ApiProperty({ description: 'What the reporter calls this kind of token.' }) type!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it was found; tokens in it are blotted out.',
  })
  url!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'commit' }) source!: string | null;
  @ApiProperty({
    enum: LEAK_ACTIONS,
    description:
      '`revoked`: the key was revoked by this report. `reported`: the installation only reports. `ended`: the ' +
      'key, or this token of it, had ended before.',
  })
  action!: LeakAction;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
}

export class TokenFormatResponse {
  @ApiProperty({ example: 'gate', description: 'What new tokens begin with.' }) brand!: string;
  @ApiProperty({
    example: '\\bgate_(live|test)_[0-9A-Za-z]{49}\\b',
    description: 'A regular expression that finds them.',
  })
  pattern!: string;
  @ApiProperty({ type: [String], example: ['gate_live_', 'gate_test_'] }) prefixes!: string[];
  @ApiProperty({
    description: 'How the last six characters are made, so that a match can be checked offline.',
  })
  checksum!: string;
}
