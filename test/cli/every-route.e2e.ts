import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { RouteInventory } from '../../src/gate/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The command behind each operation on keys, roles, people, organizations and stores. */
const COMMANDS: Readonly<Record<string, string>> = {
  listKeys: 'keys list',
  getKey: 'keys show',
  createKey: 'keys create',
  updateKey: 'keys update',
  rotateKey: 'keys rotate',
  revokeKey: 'keys revoke',
  deleteKey: 'keys delete',
  bulkRevokeKeys: 'keys bulk-revoke',
  bulkRotateKeys: 'keys bulk-rotate',
  bulkExtendKeys: 'keys bulk-extend',
  getKeyLeastPrivilege: 'keys least-privilege',
  getKeyUsage: 'keys usage',
  listKeyRequests: 'audit search',
  listKeyTimeline: 'audit timeline',
  searchRequests: 'audit search',
  getRequest: 'audit show',
  countRequests: 'audit histogram',
  followRequests: 'audit tail',
  searchChanges: 'audit changes',
  getChange: 'audit change',
  proveRequest: 'audit proof',
  proveChange: 'audit proof',
  listCheckpoints: 'audit checkpoints',
  listSigningKeys: 'audit keys',
  createAuditVerification: 'audit verify',
  getAuditVerification: 'audit verifications show',
  listAuditVerifications: 'audit verifications list',
  createAuditExport: 'audit export',
  getAuditExport: 'audit exports list',
  listAuditExports: 'audit exports list',
  downloadAuditExport: 'audit export',
  getAuditExportManifest: 'audit export',
  deleteAuditExport: 'audit exports delete',
  listLeaks: 'leaks list',
  reportLeaks: 'leaks report',
  getTokenFormat: 'tokens format',
  listRoles: 'roles list',
  getRole: 'roles show',
  createRole: 'roles create',
  updateRole: 'roles update',
  previewRole: 'roles preview',
  deleteRole: 'roles delete',
  listResources: 'roles resources',
  listPolicies: 'roles policies',
  simulatePermission: 'permissions simulate',
  listMembers: 'members list',
  getMember: 'members show',
  updateMember: 'members rename',
  deleteMember: 'members delete',
  createMemberPasswordReset: 'admin password-link',
  deleteMemberSessions: 'admin sign-out',
  deleteMemberTotp: 'admin reset-second-factor',
  listInvitations: 'invitations list',
  getInvitation: 'invitations show',
  createInvitation: 'members invite',
  renewInvitation: 'invitations renew',
  deleteInvitation: 'invitations delete',
  getOrganization: 'organizations show',
  updateOrganization: 'organizations update',
  listOrganizations: 'organizations list',
  createOrganization: 'organizations create',
  changeOrganization: 'organizations update',
  listPlanHistory: 'organizations history',
  listOwnPlanHistory: 'organizations history',
  listEvents: 'events list',
  getEvent: 'events show',
  listEventTypes: 'events types',
  getUsage: 'usage',
  createErasure: 'audit erase',
  listErasures: 'audit erasures',
  listWebhooks: 'webhooks list',
  getWebhook: 'webhooks show',
  createWebhook: 'webhooks create',
  updateWebhook: 'webhooks update',
  deleteWebhook: 'webhooks delete',
  rotateWebhookSecret: 'webhooks rotate',
  testWebhook: 'webhooks test',
  listWebhookDeliveries: 'webhooks deliveries',
  getWebhookDelivery: 'webhooks delivery',
  replayWebhookDelivery: 'webhooks replay',
  replayWebhook: 'webhooks replay',
  listPlans: 'plans list',
  listStores: 'stores list',
  getStore: 'stores show',
  createStore: 'stores create',
  updateStore: 'stores rename',
  createSandbox: 'stores create-sandbox',
  resetStore: 'stores reset',
};

const PATHS =
  /^\/api\/v1\/(keys|stores\/:storeId(\/(keys|leaks|reset|sandbox).*)?$|stores$|leaks|token-format|roles|resources|policies|permissions|members|invitations(?!\/accept)|organizations?|plans(?!\/generate-preview)|usage|webhooks|events|event-types|audit\/(requests|changes|exports|verifications|erasures|checkpoints|signing-keys))/;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('has a command for everything that the API does with keys, roles, people and stores', () => {
  const operations = app
    .get(RouteInventory)
    .list()
    .filter(({ path, method }) => PATHS.test(path) && method !== 'ALL')
    .map(({ operationId }) => operationId.replace(/InStore$/, ''));
  expect([...new Set(operations)].sort()).toEqual(Object.keys(COMMANDS).sort());
  const program = createProgram(() => Promise.resolve(), {});
  expect(Object.values(COMMANDS).filter((command) => !has(program, command.split(' ')))).toEqual([]);
});

function has(command: Command, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const next = command.commands.find((one) => one.name() === name);
  return next !== undefined && has(next, rest);
}
