import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS, reaches } from '../../platform/http/index.js';
import { ResourceRegistry } from '../../roles/index.js';
import { smallestRoles } from './smallest-roles.js';
import { fewestGrants, unusedLevels, usedWithin } from './used-levels.js';

const registry = new ResourceRegistry();
const declare = (name: string, relates: string[] = []) =>
  registry.register({ name, label: name, highest: 'admin', relates });
declare('content.posts', ['content.media']);
declare('content.media', ['content.posts']);
declare('compliance.holds', ['compliance.platforms']);
declare('compliance.platforms');

const NOW = new Date('2027-03-01T12:00:00.000Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

describe('what was used', () => {
  it('is the highest level of each resource within the days, by what there still is', () => {
    const uses = [
      { resource: 'content.posts', level: 'read', lastUsedAt: daysAgo(1) },
      { resource: 'content.posts', level: 'write', lastUsedAt: daysAgo(29) },
      { resource: 'content.posts', level: 'admin', lastUsedAt: daysAgo(31) },
      { resource: 'content.gone', level: 'read', lastUsedAt: daysAgo(1) },
    ] as const;
    expect(usedWithin(30, uses, NOW, registry)).toEqual({ 'content.posts': 'write' });
    expect(usedWithin(90, uses, NOW, registry)).toEqual({ 'content.posts': 'admin' });
  });

  it('counts a use whose hour reaches into the days', () => {
    const lastUsedAt = new Date(daysAgo(30).getTime() - 3_500_000);
    const uses = [{ resource: 'content.posts', level: 'read', lastUsedAt }] as const;
    expect(usedWithin(30, uses, NOW, registry)).toEqual({ 'content.posts': 'read' });
  });
});

describe('the fewest grants', () => {
  const used = fc.dictionary(
    fc.constantFrom(...registry.list().map(({ name }) => name)),
    fc.constantFrom<Level>('read', 'write', 'admin'),
  );

  it('give all that was used, and lose it without any one of them', () => {
    fc.assert(
      fc.property(used, (levels) => {
        const grants = fewestGrants(levels, registry);
        const suffice = (given: Readonly<Record<string, Level>>) =>
          Object.entries(levels).every(([name, level]) =>
            reaches(registry.compile(given).get(name) ?? 'none', level),
          );
        expect(suffice(grants)).toBe(true);
        for (const name of Object.keys(grants)) {
          const { [name]: _, ...others } = grants;
          expect(suffice(others)).toBe(false);
        }
      }),
    );
  });

  it('name no resource that is read by a relation, of two that relate to each other one', () => {
    expect(fewestGrants({ 'compliance.holds': 'read', 'compliance.platforms': 'read' }, registry)).toEqual({
      'compliance.holds': 'read',
    });
    const both = fewestGrants({ 'content.posts': 'read', 'content.media': 'read' }, registry);
    expect(Object.keys(both)).toHaveLength(1);
  });
});

describe('what was not used', () => {
  it('is held above what was needed; a relation brings no surplus', () => {
    const held = Object.fromEntries(registry.list().map(({ name }) => [name, 'write' as const]));
    expect(
      unusedLevels({ ...held, 'compliance.platforms': 'read' }, { 'compliance.holds': 'write' }, registry),
    ).toEqual([
      { resource: 'content.media', granted: 'write', used: 'none' },
      { resource: 'content.posts', granted: 'write', used: 'none' },
    ]);
  });

  it('is nothing where nothing is held', () => {
    expect(unusedLevels({ 'content.posts': 'none' }, {}, registry)).toEqual([]);
  });
});

describe('the smallest roles', () => {
  const role = (name: string, grants: Record<string, Level>) => ({ name, grants });
  it('come first, with the names to break ties, and none that would not have served', () => {
    const roles = [
      role('all', { content: 'admin', compliance: 'admin' }),
      role('b', { 'content.posts': 'write' }),
      role('a', { 'content.posts': 'write' }),
      role('category', { content: 'write' }),
      role('short', { 'content.posts': 'read' }),
    ];
    const names = smallestRoles(roles, { 'content.posts': 'write' }, registry).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'category', 'all']);
  });

  it('hold what was used, whatever it was', () => {
    const level = fc.constantFrom(...LEVELS);
    const grants = fc.dictionary(fc.constantFrom('content', 'content.posts', 'compliance.holds'), level);
    fc.assert(
      fc.property(fc.array(grants), grants, (given, used) => {
        const named = given.map((grant, index) => role(`role ${index}`, grant));
        for (const { grants: held } of smallestRoles(named, { ...used, content: 'none' }, registry)) {
          const levels = registry.compile(held);
          for (const [name, needed] of Object.entries(used)) {
            if (name !== 'content') expect(reaches(levels.get(name) ?? 'none', needed)).toBe(true);
          }
        }
      }),
    );
  });
});
