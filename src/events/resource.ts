import type { ResourceDeclaration } from '../platform/http/index.js';

/** What happened. Nobody writes events but whatever they tell of. */
export const EVENTS: ResourceDeclaration = {
  name: 'settings.events',
  label: 'Events',
  highest: 'read',
  relates: [],
};
