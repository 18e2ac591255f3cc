import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { Audience } from '../audiences/audience.entity.js';
import { Customer } from '../audiences/members/customer.entity.js';
import { LandingPage, LandingPageVersion } from '../landing-pages/landing-page.entity.js';
import type { Block } from '../landing-pages/page-content.js';
import { Post } from '../posts/post.entity.js';
import { Product } from '../products/product.entity.js';
import { demoAudiences, demoCustomers } from './demo-audiences.js';
import { insertDemoCampaigns } from './demo-campaigns.js';
import { demoPosts } from './demo-posts.js';
import { demoProducts } from './demo-products.js';
import { randomOf } from '../random.js';

export interface DemoContentOptions {
  /** Begins the address of its landing page. */
  readonly slug: string;
  readonly campaigns: number;
  readonly seed: number;
}

/** Fills a store with something of everything; the same seed on the same day makes the same, ids apart. */
export async function insertDemoContent(
  tx: Transaction,
  storeId: string,
  { slug, campaigns, seed }: DemoContentOptions,
): Promise<void> {
  const now = new Date();
  const random = randomOf(seed);
  const products = demoProducts(storeId, random, now);
  await insertDemoCampaigns(tx, storeId, campaigns, seed);
  await tx.insert(Product, products);
  await tx.insert(Customer, demoCustomers(storeId, random, now));
  await tx.insert(Audience, demoAudiences(storeId, now));
  await tx.insert(Post, demoPosts(storeId, random, now));
  const skus = products.filter(({ status }) => status === 'ACTIVE').map(({ sku }) => sku);
  await insertPage(tx, storeId, `${slug}-favourites`, skus.slice(0, 12));
}

/** A landing page that is published. */
async function insertPage(tx: Transaction, storeId: string, slug: string, skus: string[]): Promise<void> {
  const [id, publishedAt] = [newUuid(), new Date()];
  const blocks: Block[] = [
    { type: 'text', text: 'What people come back for, and what they give to those they like.' },
    { type: 'heading', text: 'From our shelves' },
    { type: 'products', skus },
  ];
  const said = { title: 'Our favourites', description: 'What people come back for.', blocks };
  await tx.insert(LandingPage, {
    ...{ id, storeId, slug, ...said },
    ...{ status: 'PUBLISHED', publishedVersion: 1, publishedAt },
  });
  await tx.insert(LandingPageVersion, { id: newUuid(), storeId, pageId: id, number: 1, ...said });
}
