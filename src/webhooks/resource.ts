import type { ResourceDeclaration } from '../platform/http/index.js';

/** Where events are sent to. */
export const WEBHOOKS: ResourceDeclaration = {
  name: 'settings.webhooks',
  label: 'Webhooks',
  highest: 'admin',
  relates: ['settings.events'],
};
