import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { multipart } from '../support/multipart.js';
import { type Made, type Recipe, withId } from './recipe.js';

const AUDIENCE = {
  name: 'Regulars',
  rules: { conditions: [{ attribute: 'city', operator: 'eq', value: 'Bonn' }] },
};
const MEMBERS = { members: [{ reference: 'customer-1' }] };
const CAMPAIGN = { name: 'Spring sale', platform: 'email' };
const SOCIAL_ACCOUNT = {
  platform: 'instagram',
  name: '@spring',
  url: 'https://publisher.example.com/instagram',
};
const PLAN = {
  name: 'March',
  startDate: '2026-03-01',
  endDate: '2026-03-07',
  goals: ['sales'],
  platforms: ['feed'],
};
const POST = { caption: 'Twenty percent off.', platforms: ['feed'] };
const PRODUCT = { sku: 'MUG', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR' };
let pages = 0;
/** Of a slug that no other has: it is there once in the installation. */
const LANDING_PAGE = {
  get slug() {
    pages += 1;
    return `spring-${pages}`;
  },
  title: 'Spring',
  blocks: [{ type: 'heading', text: 'Hello' }],
};
const JOB = {
  type: 'products.import',
  input: { format: 'csv', content: 'sku,name,price\nMUG,Mug,1.00 EUR\n' },
};

/** The ways to write a thing of a store, on both mounts. */
export function contentRecipes(
  one: string,
  entity: string,
  body: object,
  patch: object,
): Record<string, Recipe> {
  const parameters = withId(`create${one}`);
  const recipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
    [`create${one}${mount}`]: { status: 201, changes: [`${entity} insert`], body },
    [`replace${one}${mount}`]: {
      status: 200,
      changes: [`${entity} update`],
      parameters,
      body: { ...body, ...patch },
    },
    [`update${one}${mount}`]: { status: 200, changes: [`${entity} update`], parameters, body: patch },
    [`delete${one}${mount}`]: { status: 204, changes: [`${entity} delete`], parameters },
  });
  return { ...recipes(''), ...recipes('InStore') };
}

const memberRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`addAudienceMembers${mount}`]: {
    status: 200,
    changes: ['audience_member insert', 'customer insert'],
    parameters: withId('createAudience'),
    body: MEMBERS,
  },
  [`removeAudienceMember${mount}`]: {
    status: 204,
    changes: ['audience_member delete'],
    parameters: async (made) => {
      const audience = await withId('createAudience')(made);
      const { storeId } = made;
      await made.answer('addAudienceMembers', { storeId, ...audience });
      const { data } = await made.list('listAudienceMembers', { storeId, ...audience });
      return { ...audience, customerId: String(data[0]?.['id']) };
    },
  },
});

const pageRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => {
  const published = async (made: Made) => {
    const page = await withId('createLandingPage')(made);
    await made.answer('publishLandingPage', { storeId: made.storeId, ...page });
    return page;
  };
  return {
    [`publishLandingPage${mount}`]: {
      status: 200,
      changes: ['landing_page update', 'landing_page_version insert'],
      parameters: withId('createLandingPage'),
    },
    [`unpublishLandingPage${mount}`]: {
      status: 200,
      changes: ['landing_page update'],
      parameters: published,
    },
    [`restoreLandingPage${mount}`]: {
      status: 200,
      changes: ['landing_page update'],
      parameters: async (made) => {
        const page = await published(made);
        await made.answer('updateLandingPage', { storeId: made.storeId, ...page });
        return page;
      },
      body: { version: 1 },
    },
  };
};

const postRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`publishPost${mount}`]: { status: 202, changes: ['post update'], parameters: withId('createPost') },
  [`retryPost${mount}`]: {
    status: 202,
    changes: ['post update'],
    parameters: async (made) => {
      const post = await withId('createPost')(made);
      await made.sql(`UPDATE posts SET status = 'FAILED' WHERE id = $1`, [fromPublicId('post', post['id'])]);
      return post;
    },
  },
  [`createPosts${mount}`]: { status: 200, changes: ['post insert'], body: { items: [POST, POST] } },
  [`replacePosts${mount}`]: {
    status: 200,
    changes: ['post update'],
    bodyOf: async (made) => {
      const { id } = await withId('createPost')(made);
      return { items: [{ id, ...POST, title: 'Another' }] };
    },
  },
});

/** The least that is a file: what is written in a PDF is nobody's business here. */
const FILE = multipart([{ name: 'file', fileName: 'terms.pdf', bytes: '%PDF-1.7\n%%EOF\n' }]);

const mediaRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`uploadMedia${mount}`]: { status: 201, changes: ['media insert'], ...FILE },
  [`updateMedia${mount}`]: {
    status: 200,
    changes: ['media update'],
    parameters: withId('uploadMedia'),
    body: { alt: 'The terms.' },
  },
  [`deleteMedia${mount}`]: { status: 204, changes: ['media delete'], parameters: withId('uploadMedia') },
});

const accountRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => {
  const parameters = withId('connectSocialAccount');
  const changes = ['social_account update'];
  return {
    [`connectSocialAccount${mount}`]: {
      status: 201,
      changes: ['social_account insert'],
      body: SOCIAL_ACCOUNT,
    },
    [`updateSocialAccount${mount}`]: { status: 200, changes, parameters, body: { name: '@other' } },
    [`disconnectSocialAccount${mount}`]: { status: 200, changes, parameters },
    [`reconnectSocialAccount${mount}`]: {
      status: 200,
      changes,
      parameters: async (made) => {
        const account = await parameters(made);
        await made.answer('disconnectSocialAccount', { storeId: made.storeId, ...account });
        return account;
      },
    },
    [`deleteSocialAccount${mount}`]: { status: 204, changes: ['social_account delete'], parameters },
  };
};

const planRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => {
  const parameters = withId('createContentPlan');
  return {
    [`createContentPlan${mount}`]: { status: 201, changes: ['content_plan insert'], body: PLAN },
    [`updateContentPlan${mount}`]: {
      status: 200,
      changes: ['content_plan update'],
      parameters,
      body: { name: 'April' },
    },
    [`acceptContentPlan${mount}`]: {
      status: 200,
      changes: ['content_plan update', 'post insert'],
      parameters,
    },
    [`deleteContentPlan${mount}`]: { status: 204, changes: ['content_plan delete'], parameters },
  };
};

const jobRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`createJob${mount}`]: { status: 202, changes: ['job insert'], body: JOB },
  [`cancelJob${mount}`]: { status: 200, changes: ['job update'], parameters: withId('createJob') },
  [`retryJob${mount}`]: {
    status: 200,
    changes: ['job update'],
    parameters: async (made) => {
      const job = await withId('createJob')(made);
      await made.answer('cancelJob', { storeId: made.storeId, ...job });
      return job;
    },
  },
});

/** A thing that only a job makes, and no job runs here. */
const generated =
  (kind: 'copy' | 'imageSet', columns: string, values: string) =>
  async (made: Made): Promise<Record<string, string>> => {
    const [id, store] = [newUuid(), fromPublicId('store', made.storeId)];
    await made.sql(
      `INSERT INTO ${kind === 'copy' ? 'copies' : 'image_sets'} (id, store_id, provider, job_id, ${columns})
         VALUES ($1, $2, 'built-in', $1, ${values})`,
      [id, store],
    );
    return { id: toPublicId(kind, id) };
  };

const generationRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`replaceBrand${mount}`]: { status: 200, changes: ['brand insert'], body: { words: ['made to last'] } },
  [`generateCopy${mount}`]: { status: 202, changes: ['job insert'], body: { goal: 'sales' } },
  [`deleteCopy${mount}`]: {
    status: 204,
    changes: ['copy delete'],
    parameters: generated('copy', 'goal, tone, language, texts', `'sales', 'plain', 'en', '[]'`),
  },
  [`generateImages${mount}`]: { status: 202, changes: ['job insert'], body: { prompt: 'A blue mug' } },
  [`deleteImageSet${mount}`]: {
    status: 204,
    changes: ['image_set delete'],
    parameters: generated('imageSet', 'prompt, size, media_ids', `'A mug', '1024x1024', '{}'`),
  },
});

/** Of what stores hold, on both mounts. */
export const CONTENT_RECIPES: Readonly<Record<string, Recipe>> = {
  ...contentRecipes('Audience', 'audience', AUDIENCE, { name: 'Others' }),
  ...memberRecipes(''),
  ...memberRecipes('InStore'),
  ...contentRecipes('Campaign', 'campaign', CAMPAIGN, { name: 'Autumn sale' }),
  ...contentRecipes('LandingPage', 'landing_page', LANDING_PAGE, { title: 'Another' }),
  ...pageRecipes(''),
  ...pageRecipes('InStore'),
  ...planRecipes(''),
  ...planRecipes('InStore'),
  ...contentRecipes('Post', 'post', POST, { title: 'Another' }),
  ...postRecipes(''),
  ...postRecipes('InStore'),
  ...accountRecipes(''),
  ...accountRecipes('InStore'),
  ...contentRecipes('Product', 'product', PRODUCT, { stock: 7 }),
  ...mediaRecipes(''),
  ...mediaRecipes('InStore'),
  ...generationRecipes(''),
  ...generationRecipes('InStore'),
  ...jobRecipes(''),
  ...jobRecipes('InStore'),
};
