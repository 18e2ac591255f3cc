// The house's floors, bottom to top. A feature is entered through its index.ts alone.
const { readdirSync } = require('node:fs');

/** These stand upon each other in this order; whatever feature comes later stands on all of them. */
const ORDERED = ['audit', 'tenants', 'roles', 'plans', 'keys', 'members'];
const OTHER_FLOORS = ['platform', 'gate', 'boot', 'cli', 'migrations'];
const LATER = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && ![...ORDERED, ...OTHER_FLOORS].includes(entry.name))
  .map(({ name }) => name);
const FEATURES = [...ORDERED, ...LATER];
const ANY_FEATURE = FEATURES.join('|');

/** A feature may use the ones below it in the list, and none above. */
const noHigherFeature = ORDERED.map((feature, floor) => ({
  name: `${feature}-below-higher-features`,
  comment: `${feature} stands below ${FEATURES.slice(floor + 1).join(', ')}: state what it needs of them as a port.`,
  severity: 'error',
  from: { path: `^src/${feature}/` },
  to: { path: `^src/(${FEATURES.slice(floor + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one idea or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-is-the-ground',
      comment: 'The platform knows no feature, no gate, no application.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/platform/' },
    },
    {
      name: 'features-below-the-gate',
      comment: 'Features stand on the platform and on lower features.',
      severity: 'error',
      from: { path: `^src/(${ANY_FEATURE})/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src/(gate|boot|cli|migrations)/|src/[^/]+\\.ts$|ormconfig\\.ts$)' },
    },
    {
      name: 'gate-below-the-application',
      comment: 'The gate knows features and platform, and not who puts it together.',
      severity: 'error',
      from: { path: '^src/gate/' },
      to: { path: '^(src/(boot|cli|migrations)/|src/[^/]+\\.ts$|ormconfig\\.ts$)' },
    },
    {
      name: 'features-through-their-index',
      comment: 'What a feature offers is in its index.ts; the rest is its own.',
      severity: 'error',
      from: { path: '^(src/([^/]+)/|src/[^/]+\\.ts$)', pathNot: '^src/entities\\.ts$' },
      to: { path: `^src/(${ANY_FEATURE})/`, pathNot: ['^src/$2/', '/index\\.ts$'] },
    },
    {
      name: 'migrations-on-the-ground',
      comment: 'A migration must still run when the features have moved on.',
      severity: 'error',
      from: { path: '^src/migrations/' },
      to: { path: '^src/', pathNot: '^src/(migrations|platform/database)/' },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody uses it.',
      severity: 'error',
      // What runs in browsers is sent, and imported by nobody.
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '\\.d\\.ts$', '/browser/'] },
      to: {},
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs must be installed where it runs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
    ...noHigherFeature,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
