import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StoreContents } from '../../tenants/index.js';
import { Campaign } from './campaign.entity.js';

/** Campaigns are what a store holds: a sandbox that is reset loses them. */
@Injectable()
export class CampaignContents implements OnModuleInit {
  constructor(private readonly contents: StoreContents) {}

  onModuleInit(): void {
    this.contents.register({
      name: 'campaigns',
      clear: async (tx, storeId) => (await tx.delete(Campaign, { storeId })).affected ?? 0,
    });
  }
}
