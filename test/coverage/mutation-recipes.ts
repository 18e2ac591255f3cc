import { fromPublicId } from '../../src/platform/ids/index.js';
import { multipart } from '../support/multipart.js';

/** What a recipe can build on. */
export interface Made {
  /** Public ids of the caller's organization and store. */
  readonly organizationId: string;
  readonly storeId: string;
  /** Calls an operation as the caller does, and answers the public id of what it made. */
  create(operationId: string, parameters: Record<string, string>): Promise<string>;
  /** The same, with the whole answer. */
  answer(operationId: string, parameters: Record<string, string>): Promise<Record<string, unknown>>;
  /** A page of a list, as the caller sees it. */
  list(operationId: string, parameters: Record<string, string>): Promise<{ data: Record<string, unknown>[] }>;
  /** What no request brings about, such as a failure of somebody else. */
  sql(text: string, parameters: readonly unknown[]): Promise<unknown>;
  /** A member of the caller's organization; answers its public id. */
  member(): Promise<string>;
}

/** How one operation that changes something is made to succeed, and what it must leave in the change log. */
export interface Recipe {
  readonly status: 200 | 201 | 202 | 204;
  /** `entity action`, each once. */
  readonly changes: readonly string[];
  readonly body?: object;
  /** How the body is declared where it is not JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is known only once something was made. */
  readonly bodyOf?: (made: Made) => Promise<object>;
  /** The caller's key is one of a sandbox. */
  readonly sandbox?: boolean;
  /** Who acts where the route is public; else the caller does. */
  readonly system?: string;
  /** Path parameters beside the store's. */
  readonly parameters?: (made: Made) => Promise<Record<string, string>>;
}

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

const WEBHOOK = { url: 'https://hooks.example.com/gatehouse', eventTypes: ['*'] };

const withId =
  (create: string) =>
  async (made: Made): Promise<Record<string, string>> => ({
    id: await made.create(create, { storeId: made.storeId }),
  });

/** The five ways to write a thing of a store, on both mounts. */
function contentRecipes(one: string, entity: string, body: object, patch: object): Record<string, Recipe> {
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

/** By operationId. An operation that is added needs its recipe here, or a reason in `WITHOUT_CHANGE_ROW`. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
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
  ...jobRecipes(''),
  ...jobRecipes('InStore'),

  createKey: {
    status: 201,
    changes: ['key insert', 'key_secret insert'],
    body: { name: 'New key', roleId: 'read-only', expiresIn: '30d' },
  },
  updateKey: {
    status: 200,
    changes: ['key update'],
    parameters: withId('createKey'),
    body: { name: 'Renamed' },
  },
  rotateKey: {
    status: 200,
    changes: ['key_secret insert', 'key_secret update'],
    parameters: withId('createKey'),
    body: { graceSeconds: 60 },
  },
  revokeKey: {
    status: 200,
    changes: ['key update'],
    parameters: withId('createKey'),
    body: { reason: 'superseded' },
  },
  deleteKey: {
    status: 204,
    changes: ['key delete', 'key_secret delete'],
    parameters: withId('createKey'),
  },
  bulkRevokeKeys: {
    status: 200,
    changes: ['key update'],
    parameters: withId('createKey'),
    body: { filter: { search: 'New key' }, reason: 'unused' },
  },
  bulkRotateKeys: {
    status: 200,
    changes: ['key_secret insert', 'key_secret update'],
    parameters: withId('createKey'),
    body: { filter: { search: 'New key' }, graceSeconds: 60 },
  },
  bulkExtendKeys: {
    status: 200,
    changes: ['key update'],
    parameters: withId('createKey'),
    body: { filter: { search: 'New key' }, expiresIn: '90d' },
  },

  createRole: {
    status: 201,
    changes: ['role insert'],
    body: { name: 'Editor', grants: { content: 'write' } },
  },
  updateRole: {
    status: 200,
    changes: ['role update'],
    parameters: withId('createRole'),
    body: { grants: { content: 'read' } },
  },
  deleteRole: { status: 204, changes: ['role delete'], parameters: withId('createRole') },

  updateMember: {
    status: 200,
    changes: ['member update'],
    parameters: async (made) => ({ id: await made.member() }),
    body: { status: 'disabled' },
  },
  deleteMember: {
    status: 204,
    changes: ['member delete'],
    parameters: async (made) => ({ id: await made.member() }),
  },
  createInvitation: {
    status: 201,
    changes: ['invitation insert'],
    body: { email: 'invited@example.org', roleId: 'read-only' },
  },
  renewInvitation: {
    status: 200,
    changes: ['invitation update'],
    parameters: withId('createInvitation'),
  },
  deleteInvitation: {
    status: 204,
    changes: ['invitation delete'],
    parameters: withId('createInvitation'),
  },
  acceptInvitation: {
    status: 201,
    changes: ['invitation update', 'member insert'],
    system: 'invitation',
    bodyOf: async (made) => {
      const { link } = await made.answer('createInvitation', {});
      const token = new URL(String(link)).hash.slice('#token='.length);
      return { token, name: 'Ada', password: 'a long enough password' };
    },
  },

  updateOrganization: { status: 200, changes: ['organization update'], body: { name: 'Another name' } },
  createStore: { status: 201, changes: ['store insert'], body: { name: 'Second' } },
  updateStore: { status: 200, changes: ['store update'], body: { name: 'Renamed' } },
  createSandbox: { status: 201, changes: ['store insert'] },
  resetStore: {
    status: 200,
    changes: ['campaign delete'],
    sandbox: true,
    parameters: async (made) => {
      await made.create('createCampaign', {});
      return {};
    },
  },

  createErasure: {
    status: 201,
    changes: ['erasure insert'],
    body: { ip: '192.0.2.7', reason: 'request of the person' },
  },
  createAuditExport: {
    status: 202,
    changes: ['audit_export insert'],
    body: { log: 'requests', format: 'ndjson' },
  },
  deleteAuditExport: {
    status: 204,
    changes: ['audit_export delete'],
    parameters: withId('createAuditExport'),
  },
  createAuditVerification: { status: 202, changes: ['audit_verification insert'], body: {} },
  createAuditView: {
    status: 201,
    changes: ['audit_view insert'],
    body: { name: 'Refused', filters: { status: '4xx' }, shared: true },
  },
  updateAuditView: {
    status: 200,
    changes: ['audit_view update'],
    parameters: withId('createAuditView'),
    body: { filters: { status: '5xx' } },
  },
  deleteAuditView: {
    status: 204,
    changes: ['audit_view delete'],
    parameters: withId('createAuditView'),
  },

  createWebhook: {
    status: 201,
    changes: ['webhook_endpoint insert', 'webhook_secret insert'],
    body: WEBHOOK,
  },
  updateWebhook: {
    status: 200,
    changes: ['webhook_endpoint update'],
    parameters: withId('createWebhook'),
    body: { eventTypes: ['key.*'] },
  },
  rotateWebhookSecret: {
    status: 200,
    changes: ['webhook_secret insert', 'webhook_secret update'],
    parameters: withId('createWebhook'),
  },
  deleteWebhook: {
    status: 204,
    changes: ['webhook_endpoint delete', 'webhook_secret delete'],
    parameters: withId('createWebhook'),
  },

  createOrganization: {
    status: 201,
    changes: ['member insert', 'organization insert', 'store insert'],
    body: {
      name: 'New customer',
      plan: 'pro',
      admin: { email: 'first@customer.example', password: 'a long enough password' },
    },
  },
  changeOrganization: {
    status: 200,
    changes: ['organization update'],
    parameters: ({ organizationId }) => Promise.resolve({ id: organizationId }),
    body: { plan: 'agency' },
  },
};

/**
 * What changes no business data: sessions, and links for a new password, are no part of it; previews and simulations
 * only tell. Reports of leaks are signed, and closed without configured keys: test/keys/leaks.e2e.ts looks at their
 * change rows.
 */
export const WITHOUT_CHANGE_ROW: readonly string[] = [
  'createSession',
  'estimateAudience',
  'generatePlanPreview',
  'generatePlanPreviewInStore',
  'estimateAudienceInStore',
  'deleteSession',
  'deleteMySession',
  'deleteMySessions',
  'deleteMemberSessions',
  'createMemberPasswordReset',
  'requestPasswordReset',
  'previewRole',
  'replayWebhook',
  'replayWebhookDelivery',
  'reportLeaks',
  'simulatePermission',
  'testWebhook',
];

/** What changes a member's password or second factor, and no key can do by itself: its rows are looked at in test/members. */
export const SHOWN_WITH_MEMBERS: readonly string[] = [
  'changeMyPassword',
  'confirmPasswordReset',
  'createMyTotp',
  'confirmMyTotp',
  'createMyRecoveryCodes',
  'deleteMyTotp',
  'deleteMemberTotp',
];
