import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS, type ResourceDeclaration } from '../platform/http/index.js';
import { CATEGORIES, type Grants, isGrants, levelOf } from './grants.js';

const resource = (name: string, highest: Level, relates: string[] = []): ResourceDeclaration => ({
  name,
  label: name,
  highest,
  relates,
});
const REGISTERED = [
  resource('content.campaigns', 'write'),
  resource('content.pages', 'admin', ['compliance.platforms', 'content.campaigns']),
  resource('analytics.events', 'write', ['compliance.platforms']),
  resource('compliance.platforms', 'read'),
  resource('compliance.holds', 'admin', ['compliance.platforms']),
  resource('settings.keys', 'admin'),
];
const rank = (level: Level | undefined) => LEVELS.indexOf(level ?? 'none');

/** The rule in the fewest words: numbers, a maximum, a bound. */
function reference(grants: Grants, { name, highest }: ResourceDeclaration): number {
  const direct = (of: string) => Math.max(rank(grants[of]), rank(grants[of.split('.')[0] ?? '']));
  const related = REGISTERED.some((other) => other.relates.includes(name) && direct(other.name) > 0);
  return Math.min(Math.max(direct(name), related ? 1 : 0), rank(highest));
}

const level = (grants: Grants, name: string) => {
  const found = REGISTERED.find((known) => known.name === name);
  return found && levelOf(grants, found, REGISTERED);
};

describe('the level that grants give on a resource', () => {
  it('agrees with the rule, whatever is granted', () => {
    const name = fc.constantFrom(...REGISTERED.map((known) => known.name), ...CATEGORIES, 'content.unheard');
    fc.assert(
      fc.property(fc.dictionary(name, fc.constantFrom(...LEVELS), { maxKeys: 6 }), (grants) => {
        for (const known of REGISTERED) {
          expect(rank(levelOf(grants, known, REGISTERED))).toBe(reference(grants, known));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Grants, string, Level]>([
    ['nothing without a grant', {}, 'settings.keys', 'none'],
    ['what names it', { 'settings.keys': 'write' }, 'settings.keys', 'write'],
    ['what names its category', { settings: 'write' }, 'settings.keys', 'write'],
    ['the higher of both', { settings: 'read', 'settings.keys': 'admin' }, 'settings.keys', 'admin'],
    [
      'the higher of both, the other way round',
      { settings: 'admin', 'settings.keys': 'none' },
      'settings.keys',
      'admin',
    ],
    ['nothing of another category', { content: 'admin' }, 'settings.keys', 'none'],
    ['no more than it has', { content: 'admin' }, 'content.campaigns', 'write'],
    [
      'read where a granted one relates to it',
      { 'analytics.events': 'write' },
      'compliance.platforms',
      'read',
    ],
    [
      'read where a granted category has one that relates to it',
      { analytics: 'read' },
      'compliance.platforms',
      'read',
    ],
    [
      'nothing where the one that relates is granted none',
      { 'analytics.events': 'none' },
      'compliance.platforms',
      'none',
    ],
    ['nothing over two relations', { 'analytics.events': 'read' }, 'content.campaigns', 'none'],
    [
      'no less than its own grant by a relation',
      { 'content.pages': 'read', 'content.campaigns': 'write' },
      'content.campaigns',
      'write',
    ],
  ])('is %s', (_, grants, name, expected) => {
    expect(level(grants, name)).toBe(expected);
  });

  it('does not come from what every object has', () => {
    const grants = Object.create({ content: 'admin' }) as Grants;
    expect(level(grants, 'content.campaigns')).toBe('none');
  });
});

describe('grants of unknown origin', () => {
  it.each([{}, { content: 'read' }, { 'content.campaigns': 'none', settings: 'admin' }])(
    'may be %j',
    (value) => {
      expect(isGrants(value)).toBe(true);
    },
  );

  it.each([null, undefined, 'read', ['read'], { content: 'READ' }, { content: 1 }, { content: null }])(
    'may not be %j',
    (value) => {
      expect(isGrants(value)).toBe(false);
    },
  );
});
