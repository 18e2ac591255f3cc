/** What a recipe can build on. */
export interface Made {
  /** Public ids of the caller's organization and store. */
  readonly organizationId: string;
  readonly storeId: string;
  /** Calls an operation as the caller does, and answers the public id of what it made. */
  create(operationId: string, parameters: Record<string, string>): Promise<string>;
}

/** How one operation that changes something is made to succeed, and what it must leave in the change log. */
export interface Recipe {
  readonly status: 200 | 201 | 204;
  /** `entity action`, each once. */
  readonly changes: readonly string[];
  readonly body?: object;
  /** Path parameters beside the store's. */
  readonly parameters?: (made: Made) => Promise<Record<string, string>>;
}

const CAMPAIGN = { name: 'Spring sale', platform: 'email' };

const withId =
  (create: string) =>
  async (made: Made): Promise<Record<string, string>> => ({
    id: await made.create(create, { storeId: made.storeId }),
  });

const campaignRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`createCampaign${mount}`]: { status: 201, changes: ['campaign insert'], body: CAMPAIGN },
  [`replaceCampaign${mount}`]: {
    status: 200,
    changes: ['campaign update'],
    parameters: withId('createCampaign'),
    body: { ...CAMPAIGN, name: 'Summer sale' },
  },
  [`updateCampaign${mount}`]: {
    status: 200,
    changes: ['campaign update'],
    parameters: withId('createCampaign'),
    body: { name: 'Autumn sale' },
  },
  [`deleteCampaign${mount}`]: {
    status: 204,
    changes: ['campaign delete'],
    parameters: withId('createCampaign'),
  },
});

/** By operationId. An operation that is added needs its recipe here, or a reason in `WITHOUT_CHANGE_ROW`. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...campaignRecipes(''),
  ...campaignRecipes('InStore'),

  createKey: {
    status: 201,
    changes: ['key insert', 'key_secret insert'],
    body: { name: 'New key', roleId: 'read-only' },
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

  updateOrganization: { status: 200, changes: ['organization update'], body: { name: 'Another name' } },
  createStore: { status: 201, changes: ['store insert'], body: { name: 'Second' } },
  updateStore: { status: 200, changes: ['store update'], body: { name: 'Renamed' } },
  createSandbox: { status: 201, changes: ['store insert'] },

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

/** What changes no business data: sessions, and links for a new password, are no part of it. */
export const WITHOUT_CHANGE_ROW: readonly string[] = [
  'createSession',
  'deleteSession',
  'deleteMySession',
  'deleteMySessions',
  'deleteMemberSessions',
  'createMemberPasswordReset',
  'requestPasswordReset',
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
