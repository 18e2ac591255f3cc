import { CONTENT_RECIPES } from './content-recipes.js';
import { type Recipe, withId } from './recipe.js';
import { REPORT_RECIPES } from './report-recipes.js';

const WEBHOOK = { url: 'https://hooks.example.com/gatehouse', eventTypes: ['*'] };

/** By operationId. An operation that is added needs its recipe here, or a reason in `WITHOUT_CHANGE_ROW`. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...CONTENT_RECIPES,
  ...REPORT_RECIPES,

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
  // Events of analytics are measurements: kept as they come, and never changed.
  'sendAnalyticsEvent',
  'sendAnalyticsEventInStore',
  'sendAnalyticsEvents',
  'sendAnalyticsEventsInStore',
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
