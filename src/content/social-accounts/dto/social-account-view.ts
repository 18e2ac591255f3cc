import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';
import { ACCOUNT_STATUSES, type AccountStatus, type SocialAccount } from '../social-account.entity.js';

/** An account as it is answered. */
@ApiSchema({ name: 'SocialAccount' })
export class SocialAccountView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('socialAccount'),
    example: 'soc_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ enum: POST_PLATFORMS, example: 'instagram' }) platform!: PostPlatform;
  @ApiProperty({ example: '@spring.shop' }) name!: string;
  @ApiProperty({ example: 'https://publisher.example.com/instagram' }) url!: string;
  @ApiProperty({ enum: ACCOUNT_STATUSES, example: 'CONNECTED' }) status!: AccountStatus;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** An account that was just connected. */
@ApiSchema({ name: 'SocialAccountWithSecret' })
export class SocialAccountWithSecretView extends SocialAccountView {
  @ApiProperty({
    description: 'What posts are signed with (Standard Webhooks): shown now, and never again.',
    example: 'whsec_…',
  })
  secret!: string;
}

/** A row as the API answers it. */
export function viewOf(account: SocialAccount): SocialAccountView {
  const { platform, name, url, status } = account;
  return {
    id: toPublicId('socialAccount', account.id),
    storeId: toPublicId('store', account.storeId),
    ...{ platform, name, url, status },
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  };
}

/** A platform that posts can go to. */
@ApiSchema({ name: 'PostPlatform' })
export class PlatformView {
  @ApiProperty({ enum: POST_PLATFORMS, example: 'twitter' }) platform!: PostPlatform;
  @ApiProperty({ type: 'integer', description: 'Characters of a caption, at most.', example: 280 })
  captionCharacters!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'At most; null: any number.', example: null })
  hashtags!: number | null;
  @ApiProperty({ type: 'integer', description: 'Files that go with a post, at most.', example: 4 })
  media!: number;
  @ApiProperty({
    description: 'Whether a post for it has somewhere to go: `feed` always has.',
    example: true,
  })
  connected!: boolean;
}

@ApiSchema({ name: 'PostPlatforms' })
export class PlatformsView {
  @ApiProperty({ type: [PlatformView] }) data!: PlatformView[];
}
