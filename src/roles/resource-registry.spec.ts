import { describe, expect, it } from '@jest/globals';
import { BUILTIN_ROLES } from './builtin-roles.js';
import { ResourceRegistry } from './resource-registry.js';
import { policiesOf } from './policies.js';
import { grantsOf } from './role-grants.js';

function registryOf(...names: string[]): ResourceRegistry {
  const registry = new ResourceRegistry();
  for (const name of names) registry.register({ name, label: labelOf(name), highest: 'write', relates: [] });
  return registry;
}
const labelOf = (name: string) => (name.split('.')[1] ?? '').toUpperCase();

describe('the resources', () => {
  it.each([
    'campaigns',
    'content.',
    'content.Campaigns',
    'billing.plans',
    'content.a.b',
    'content.1',
    'content.*',
  ])('are not called %j', (name) => {
    expect(() => registryOf(name)).toThrow(`Resource "${name}" is not of the form category.name.`);
  });

  it('may be served by several controllers, which say the same of them', () => {
    const registry = registryOf('content.posts', 'content.posts');
    expect(registry.list()).toHaveLength(1);
    expect(() =>
      registry.register({ name: 'content.posts', label: 'Posts', highest: 'admin', relates: [] }),
    ).toThrow('Resource "content.posts" is declared twice, and differently.');
    expect(registry.get('content.posts')?.highest).toBe('write');
  });

  it('are listed by name', () => {
    expect(
      registryOf('settings.keys', 'analytics.events', 'content.posts')
        .list()
        .map(({ name }) => name),
    ).toEqual(['analytics.events', 'content.posts', 'settings.keys']);
  });

  it('can be granted, and so can the four categories; nothing else', () => {
    const registry = registryOf('content.posts');
    expect(
      ['content.posts', 'content', 'analytics', 'compliance', 'settings'].every((name) =>
        registry.isGrantable(name),
      ),
    ).toBe(true);
    expect(
      ['content.pages', 'content.*', '*', '', 'toString', '__proto__'].some((name) =>
        registry.isGrantable(name),
      ),
    ).toBe(false);
  });
});

describe('compiled grants', () => {
  it('have a level for every resource, and one for those a category gets later', () => {
    const levels = registryOf('content.posts', 'settings.keys').compile({
      content: 'read',
      'settings.keys': 'admin',
    });
    expect(Object.fromEntries(levels)).toEqual({
      'content.posts': 'read',
      'settings.keys': 'write',
      'content.*': 'read',
      'analytics.*': 'none',
      'compliance.*': 'none',
      'settings.*': 'none',
    });
  });
});

describe('the ready policies', () => {
  it('are to read, and to do all that the resource has', () => {
    const campaigns = { name: 'content.campaigns', label: 'Campaigns', relates: [] };
    expect(policiesOf({ ...campaigns, highest: 'write' })).toEqual([
      { name: 'Campaigns Read-only', grants: { 'content.campaigns': 'read' } },
      { name: 'Campaigns Full Access', grants: { 'content.campaigns': 'write' } },
    ]);
    expect(policiesOf({ ...campaigns, highest: 'admin' })[1]?.grants).toEqual({
      'content.campaigns': 'admin',
    });
    expect(policiesOf({ ...campaigns, highest: 'read' })).toHaveLength(1);
  });
});

describe('the grants of a new role', () => {
  const registry = registryOf('content.posts', 'content.pages');

  it('are its own and its policies’, the higher of each', () => {
    const grants = { content: 'read', 'content.posts': 'write', 'content.pages': 'none' } as const;
    expect(grantsOf({ grants, policies: ['POSTS Read-only', 'PAGES Full Access'] }, registry)).toEqual({
      content: 'read',
      'content.posts': 'write',
      'content.pages': 'write',
    });
    expect(grantsOf({}, registry)).toEqual({});
  });

  it('name what exists; every name that does not is told', () => {
    const bad = {
      grants: { content: 'read', billing: 'read' },
      policies: ['POSTS Read-only', 'posts read-only'],
    } as const;
    expect(() => grantsOf(bad, registry)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({
          errors: [
            { field: 'grants.billing', reason: 'is no resource and no category' },
            { field: 'policies[1]', reason: 'is no policy' },
          ],
        }),
      }),
    );
  });
});

describe('the built-in roles', () => {
  it('are the published ones', () => {
    expect(Object.fromEntries(BUILTIN_ROLES.map(({ name, grants }) => [name, grants]))).toEqual({
      'read-only': { content: 'read', analytics: 'read' },
      'read-write': { content: 'write', analytics: 'write' },
      analyst: { analytics: 'write', content: 'read' },
      compliance: { compliance: 'write', content: 'read', analytics: 'read', 'settings.keys': 'read' },
      admin: { content: 'admin', analytics: 'admin', compliance: 'admin', settings: 'admin' },
    });
  });

  it('have ids that never change', () => {
    expect(BUILTIN_ROLES.map(({ id }) => id)).toEqual(
      [1, 2, 3, 4, 5].map((number) => `01900000-0000-7000-8000-00000000000${number}`),
    );
  });
});
